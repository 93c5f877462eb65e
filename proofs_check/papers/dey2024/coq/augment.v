(* The pool's mean moves by 1/t of the noise of a mean of n. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint variance (t : nat) (n : R) : R := match t with O => 0 | S m => variance m n + / n / INR (S m) ^ 2 end.

Theorem augmented : forall t n, n <> 0 -> variance t n = augment t n.
Proof.
  intros t n N; induction t; unfold augment in *; cbn [variance sum].
  - ring.
  - rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. split; easy.
Qed.
