(* A quadratic variance function under accumulation: step t has the size 1/(n t^2). *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint errors (t : nat) (n v2 v : R) : R := match t with
  | O => 0
  | S m => errors m n v2 v + (v + v2 * errors m n v2 v) / (n * INR (S m) ^ 2)
  end.

Theorem product : forall t n v2 v, n <> 0 -> v2 <> 0 -> errors t n v2 v = qvf_error t n v2 v.
Proof.
  intros t n v2 v N V; induction t; unfold qvf_error in *; cbn [errors prod].
  - field; easy.
  - rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. repeat split; easy.
Qed.
