(* Theorem 2 with the sign of its transient corrected: it solves the recursion of a corpus of N real draws that is reused. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Fixpoint corpus (t : nat) (n N S0 : R) : R := match t with
  | O => S0 + (1 - S0) / N
  | S m => let S1 := S0 + (1 - S0) / N in S1 + (n / (N + n)) ^ 2 * (corpus m n N S0 - S1 + (1 - corpus m n N S0) / n)
  end.

Theorem thm2_corrected : forall t n N S0, 0 < n -> 0 < N -> corpus t n N S0 = partially_synthetic (S t) n N S0.
Proof.
  intros t n N S0 Hn HN. assert (N + n <> 0) by lra.
  assert (0 < N ^ 2) by (apply pow_lt; lra). assert (0 < N * n) by (apply Rmult_lt_0_compat; lra).
  induction t.
  - unfold partially_synthetic. simpl. field. repeat split; nra.
  - cbn [corpus]; cbv zeta. rewrite IHt. unfold partially_synthetic.
    replace (S (S t) - 1)%nat with (S (S t - 1)) by lia. rewrite <- (tech_pow_Rmult _ (S t - 1)).
    set (B := (_ ^ (S t - 1))). field. repeat split; nra.
Qed.
