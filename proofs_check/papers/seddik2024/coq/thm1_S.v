(* Theorem 1 of Seddik et al.: the closed form is the expectation over the sampling process itself. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Theorem thm1_S : forall s n t p, (0 < n)%nat -> sum s p = 1 ->
  generations t n s (squares s) p = sum_of_squares t (INR n) (squares s p).
Proof.
  intros; rewrite seddik_thm1 by easy. unfold sum_of_squares.
  replace (1 + -1 * / INR n) with (1 - 1 / INR n) by (unfold Rdiv; ring). ring.
Qed.
