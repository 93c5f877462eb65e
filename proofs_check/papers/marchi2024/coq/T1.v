(* One ball joins A + t - 1 others at temperature 1. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint squares_of (t : nat) (first S0 : R) : R := match t with
  | O => S0 + (1 - S0) / first
  | S m => squares_of m first S0 + (1 - squares_of m first S0) / (first + INR (S m)) ^ 2
  end.

Theorem urn : forall t first S0, 1 <= first -> squares_of t first S0 = polya_squares (S t) first S0.
Proof.
  intros t first S0 F; induction t; unfold polya_squares in *.
  - simpl. field. lra.
  - cbn [squares_of]. rewrite IHt. assert (Z := pos_INR t). rewrite !S_INR. field. lra.
Qed.
