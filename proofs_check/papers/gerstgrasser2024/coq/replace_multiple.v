(* t T rows of the last model on one design: fit t adds 1/t of the risk of one fit. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint risk (t : nat) (d T sigma2 : R) : R := match t with
  | O => 0
  | S m => risk m d T sigma2 + sigma2 * d / (T - d - 1) / INR (S m)
  end.

Theorem replace_multiple_holds : forall t d T sigma2, d + 1 < T -> risk t d T sigma2 = replace_multiple t d T sigma2.
Proof.
  intros t d T sigma2 H; induction t; unfold replace_multiple in *; cbn [risk sum].
  - ring.
  - rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. split; [easy|lra].
Qed.
