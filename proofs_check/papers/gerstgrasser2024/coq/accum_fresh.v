(* Fresh designs: the increment of fit t is E tr G^-1 W G^-1 = d/(t (t T - d - 1)). *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint risk (t : nat) (d T sigma2 : R) : R := match t with
  | O => 0
  | S m => risk m d T sigma2 + sigma2 * d / (INR (S m) * (INR (S m) * T - d - 1))
  end.

Theorem accum_fresh : forall t d T sigma2, 0 < d -> d + 1 < T -> risk t d T sigma2 = accumulate_fresh t d T sigma2.
Proof.
  intros t d T sigma2 D H; induction t; unfold accumulate_fresh in *; cbn [risk sum].
  - ring.
  - rewrite IHt. assert (1 <= INR (S t)) by (rewrite S_INR; assert (Z := pos_INR t); lra).
    assert (T <= INR (S t) * T) by nra. field. repeat split; nra.
Qed.
