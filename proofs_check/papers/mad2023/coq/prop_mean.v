(* The mean moves by that of n draws of variance bias^t. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint error (t : nat) (n bias : R) : R := match t with O => 0 | S m => error m n bias + bias ^ m / n end.

Theorem prop_mean : forall t n bias, n <> 0 -> error t n bias = mean_error t n bias.
Proof.
  intros t n bias N; induction t; unfold mean_error in *; cbn [error sum].
  - ring.
  - rewrite IHt. field; easy.
Qed.
