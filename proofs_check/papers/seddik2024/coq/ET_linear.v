(* E[T] <= 1 + 2 (n - 1) from the sampling process: any law p on any number of symbols, n draws a generation. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Require Import CollapseTime TotalCollapse.

Theorem ET_linear : forall n s m p, (0 < n)%nat -> sum s p = 1 -> (forall i, (i < s)%nat -> 0 <= p i) ->
  1 + sum m (fun t => 1 - generations (S t) n s (dirac s) p) <= ceiling n.
Proof.
  intros n s m p N P Pos. assert (X := total_collapse_linear n s N m p P Pos). unfold ceiling. lra.
Qed.
