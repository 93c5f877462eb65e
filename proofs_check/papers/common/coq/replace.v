(* A quadratic variance function under replacement: errors of a martingale add, and E V = v + v2 times the error. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint errors (t : nat) (n v2 v : R) : R := match t with O => 0 | S m => errors m n v2 v + (v + v2 * errors m n v2 v) / n end.

Theorem product : forall t n v2 v, n <> 0 -> v2 <> 0 -> errors t n v2 v = qvf_error t n v2 v.
Proof.
  intros t n v2 v N V; induction t; unfold qvf_error in *; cbn [errors pow].
  - field; easy.
  - rewrite IHt. field. split; easy.
Qed.
