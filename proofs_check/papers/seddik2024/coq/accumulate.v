(* Training on all data so far: the fitted law moves by 1/t of the way to the frequencies of n draws. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint squares_of (t : nat) (n S0 : R) : R := match t with
  | O => S0
  | S m => squares_of m n S0 + (1 - squares_of m n S0) / (n * INR (S m) ^ 2)
  end.

Theorem accumulated : forall t n S0, n <> 0 -> squares_of t n S0 = accumulate t n S0.
Proof.
  intros t n S0 N; induction t; unfold accumulate in *; cbn [squares_of prod].
  - ring.
  - rewrite IHt. assert (INR (S t) <> 0) by (apply not_0_INR; lia). field. split; easy.
Qed.
