(* Gaussians under accumulation with the 1/n covariance, from the recursion of the pooled variance. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint variance (t : nat) (n : R) : R := match t with O => 1 | S m => variance m n * (1 - 1 / (n * INR (S m) ^ 2)) end.

Theorem accumulated : forall t n, n <> 0 -> variance t n = accumulate_cov t n.
Proof.
  intros t n N; induction t; unfold accumulate_cov in *; cbn [variance prod]; [reflexivity|].
  rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. split; easy.
Qed.
