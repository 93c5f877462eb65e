(* Tokens edited in place: two of them become copies of one with probability rate (2 - rate)/n in a round. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint squares_of (t : nat) (n S0 rate : R) : R := match t with
  | O => S0 + (1 - S0) / n
  | S m => squares_of m n S0 rate + (1 - squares_of m n S0 rate) * rate * (2 - rate) / n
  end.

Theorem edited_in_place : forall t n S0 rate, n <> 0 -> squares_of t n S0 rate = edited (S t) n S0 rate.
Proof.
  intros t n S0 rate N; induction t; unfold edited in *.
  - simpl. field; easy.
  - cbn [squares_of]. rewrite IHt. replace (S (S t) - 1)%nat with (S (S t - 1)) by lia.
    rewrite <- (tech_pow_Rmult _ (S t - 1)). set (B := (_ ^ (S t - 1))). field; easy.
Qed.
