(* At the root of u^2 + k u = k the limit of the loop is the weight itself, and no weight has a smaller one. *)
Require Import Reals Lra Lia.
Require Import Process Formula.
Open Scope R_scope.

Theorem golden : forall k u w, 0 < k -> 0 < u < 1 -> u ^ 2 + k * u - k = 0 -> 0 < w <= 1 ->
  factor 1 u k = u /\ u <= factor 1 w k /\ (factor 1 w k = u -> w = u).
Proof.
  intros k u w K U E W.
  assert (Q : forall v, 0 < v <= 1 -> factor 1 v k - u = (1 + k + u) * (v - u) ^ 2 / (v * (2 - v))).
  { intros v V. unfold factor. apply Rmult_eq_reg_r with (v * (2 - v)); [|nra]. field_simplify; [|lra|lra]. nra. }
  assert (P : 0 < / (w * (2 - w))) by (apply Rinv_0_lt_compat; nra).
  split; [|split].
  - assert (X := Q u ltac:(lra)). replace (u - u) with 0 in X by ring. unfold Rdiv in X. simpl in X. lra.
  - assert (X := Q w W). assert (0 <= (1 + k + u) * (w - u) ^ 2 / (w * (2 - w))).
    { unfold Rdiv. apply Rmult_le_pos; [|lra]. apply Rmult_le_pos; [lra|apply pow2_ge_0]. }
    lra.
  - intros L. assert (X := Q w W). rewrite L in X. assert (Y : (1 + k + u) * (w - u) ^ 2 = 0).
    { apply Rmult_eq_reg_r with (/ (w * (2 - w))); [|lra]. unfold Rdiv in X. lra. }
    assert (w - u = 0); [|lra]. apply Rmult_integral in Y. destruct Y as [Y|Y]; [lra|]. simpl in Y. nra.
Qed.
