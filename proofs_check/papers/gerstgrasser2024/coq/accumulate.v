(* Theorem 2: fit t on one design moves by 1/t of the noise of its last labels. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint risk (t : nat) (d T sigma2 : R) : R := match t with
  | O => 0
  | S m => risk m d T sigma2 + sigma2 * d / (T - d - 1) / INR (S m) ^ 2
  end.

Theorem thm2 : forall t d T sigma2, d + 1 < T -> risk t d T sigma2 = accumulate t d T sigma2.
Proof.
  intros t d T sigma2 H; induction t; unfold accumulate in *; cbn [risk sum].
  - ring.
  - rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. split; [easy|lra].
Qed.
