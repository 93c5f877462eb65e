(* The mean time to the common ancestor of n lineages is at most 2 (n - 1), for every n: hence E[T] <= 1 + 2 (n - 1) for every law p. *)
Require Import Reals Lra Lia Arith.
Require Import Process.
Open Scope R_scope.

(* m more balls into n boxes, j of them occupied so far: E f(number occupied) *)
Fixpoint occ (n m : nat) (f : nat -> R) (j : nat) : R :=
  match m with O => f j | S m' => INR j / INR n * occ n m' f j + (1 - INR j / INR n) * occ n m' f (S j) end.
(* k lineages choose parents among n: P(two or more ancestors left t generations back) *)
Fixpoint apart (n t k : nat) : R :=
  match t with O => if Nat.leb k 1 then 0 else 1 | S t' => occ n (k - 1) (apart n t') 1 end.

Fixpoint ff (x : R) (j : nat) : R := match j with O => 1 | S i => ff x i * (x - INR i) end.
Lemma ff_shift x j : ff (x + 1) (S j) = (x + 1) * ff x j.
Proof. induction j; [simpl; ring|]. change (ff (x + 1) (S (S j))) with (ff (x + 1) (S j) * (x + 1 - INR (S j))). rewrite IHj, S_INR. simpl. ring. Qed.
Lemma ff_zero j : ff 0 (S j) = 0.
Proof. induction j; [simpl; ring|]. change (ff 0 (S (S j))) with (ff 0 (S j) * (0 - INR (S j))). rewrite IHj; ring. Qed.
Lemma ff_pos n j : (j <= n)%nat -> 0 < ff (INR n) j.
Proof. induction j; intros H; simpl; [lra|]. apply Rmult_lt_0_compat; [apply IHj; lia|]. assert (INR j < INR n) by (apply lt_INR; lia). lra. Qed.
Lemma hockey j n : sum n (fun y => ff (INR y) j) * INR (S j) = ff (INR n) (S j).
Proof.
  induction n; [simpl sum; rewrite ff_zero; ring|]. simpl sum. rewrite Rmult_plus_distr_r, IHn, (S_INR n), ff_shift. simpl ff. rewrite S_INR; ring.
Qed.

Lemma occ_ext n m f g : forall j, (forall i, (j <= i <= j + m)%nat -> f i = g i) -> occ n m f j = occ n m g j.
Proof. induction m; intros j H; simpl; [apply H; lia|]. rewrite IHm, (IHm (S j)); auto; intros; apply H; lia. Qed.
Lemma occ_sum n m s c h : forall j, occ n m (fun i => sum s (fun y => c y * h y i)) j = sum s (fun y => c y * occ n m (h y) j).
Proof. induction m; intros j; simpl; [easy|]. rewrite !IHm, <- !sum_scal, <- sum_plus. apply sum_ext; intros; ring. Qed.
Lemma occ_affine n m a b f : forall j, occ n m (fun i => a + b * f i) j = a + b * occ n m f j.
Proof. induction m; intros j; simpl; [easy|]. rewrite !IHm; ring. Qed.
Lemma occ_plus n m f g : forall j, occ n m (fun i => f i + g i) j = occ n m f j + occ n m g j.
Proof. induction m; intros j; simpl; [easy|]. rewrite !IHm; ring. Qed.
Lemma occ_le n m f g : (0 < n)%nat -> forall j, (j + m <= n)%nat -> (forall i, (j <= i <= n)%nat -> f i <= g i) -> occ n m f j <= occ n m g j.
Proof.
  intros N; assert (0 < INR n) by (apply lt_0_INR; lia).
  induction m; intros j B H'; simpl; [apply H'; lia|].
  assert (0 <= INR j / INR n) by (apply Rmult_le_pos; [apply pos_INR|left; apply Rinv_0_lt_compat; lra]).
  assert (INR j / INR n <= 1) by (apply Rmult_le_reg_r with (INR n); [lra|]; unfold Rdiv; rewrite Rmult_assoc, Rinv_l by lra; assert (INR j <= INR n) by (apply le_INR; lia); lra).
  apply Rplus_le_compat; apply Rmult_le_compat_l; try lra; apply IHm; try lia; intros; apply H'; lia.
Qed.
Lemma occ_ff n m x : (0 < n)%nat -> forall j, (j + m <= n)%nat -> occ n m (fun i => ff x i / ff (INR n) i) j = (x / INR n) ^ m * (ff x j / ff (INR n) j).
Proof.
  intros N; assert (0 < INR n) by (apply lt_0_INR; lia).
  induction m; intros j B; simpl; [ring|]. rewrite !IHm by lia. simpl ff.
  assert (0 < ff (INR n) j) by (apply ff_pos; lia). assert (INR j < INR n) by (apply lt_INR; lia). field; repeat split; lra.
Qed.

(* E 1/J for k = m + 1 balls: a right Riemann sum of x^m *)
Lemma mean_inverse n m : (S m <= n)%nat -> occ n m (fun i => / INR i) 1 = sum n (fun y => INR (S y) ^ m) / INR n ^ (S m).
Proof.
  intros B; assert (0 < INR n) by (apply lt_0_INR; lia).
  rewrite (occ_ext n m _ (fun i => sum n (fun y => / INR (S y) * (ff (INR (S y)) i / ff (INR n) i)))).
  2:{ intros i Hi. destruct i as [|i]; [lia|].
      assert (0 < ff (INR n) (S i)) by (apply ff_pos; lia). assert (0 < INR (S i)) by (apply lt_0_INR; lia).
      rewrite (sum_ext n _ (fun y => / ff (INR n) (S i) * ff (INR y) i)).
      2:{ intros y _. rewrite S_INR, ff_shift, <- S_INR. assert (0 < INR (S y)) by (apply lt_0_INR; lia). field; lra. }
      rewrite sum_scal. apply Rmult_eq_reg_r with (INR (S i)); [|lra]. rewrite Rmult_assoc, hockey. field; lra. }
  rewrite occ_sum. unfold Rdiv at 2. rewrite Rmult_comm, <- sum_scal. apply sum_ext; intros y _. rewrite occ_ff by lia.
  assert (0 < INR (S y)) by (apply lt_0_INR; lia). unfold Rdiv. rewrite Rpow_mult_distr. cbn [ff]. rewrite pow_inv. change (INR 0) with 0. rewrite <- tech_pow_Rmult. field; split; [apply pow_nonzero|]; lra.
Qed.

(* the trapezoid rule overestimates a convex power *)
Lemma chord p : forall x y, 0 <= y <= x -> 2 * (x ^ S p - y ^ S p) <= INR (S p) * (x ^ p + y ^ p) * (x - y).
Proof.
  induction p; intros x y H; [simpl; lra|].
  assert (P := IHp x y H). assert (Q : 0 <= (x - y) * (x ^ p - y ^ p)) by (apply Rmult_le_pos; [lra|]; assert (y ^ p <= x ^ p) by (apply pow_incr; lra); lra).
  assert (Z : 0 <= INR (S p)) by apply pos_INR. rewrite (S_INR (S p)). rewrite <- !tech_pow_Rmult in *.
  assert (K : 0 <= INR (S p) * ((x - y) * ((x - y) * (x ^ p - y ^ p)))) by (apply Rmult_le_pos; [lra|]; apply Rmult_le_pos; lra).
  assert (L := Rmult_le_compat_l (x + y) _ _ ltac:(lra) P). nra.
Qed.
Lemma trapezoid p n : (1 <= p)%nat -> INR n ^ S p / INR (S p) + INR n ^ p / 2 <= sum n (fun y => INR (S y) ^ p).
Proof.
  intros P; assert (Z : 0 < INR (S p)) by (apply lt_0_INR; lia).
  induction n. { simpl sum. simpl INR at 1 3. rewrite !pow_i by lia. lra. }
  change (sum (S n) (fun y => INR (S y) ^ p)) with (sum n (fun y => INR (S y) ^ p) + INR (S n) ^ p). assert (C := chord p (INR (S n)) (INR n)). assert (0 <= INR n) by apply pos_INR.
  assert (D : INR (S n) - INR n = 1) by (rewrite S_INR; ring). specialize (C ltac:(lra)). rewrite D in C.
  apply Rmult_le_compat_r with (r := / INR (S p)) in C; [|left; apply Rinv_0_lt_compat; lra].
  replace (INR (S p) * (INR (S n) ^ p + INR n ^ p) * 1 * / INR (S p)) with (INR (S n) ^ p + INR n ^ p) in C by (field; lra).
  unfold Rdiv in *. set (X := INR (S n)) in *. set (Y := INR n) in *. set (A := X ^ S p) in *. set (B := Y ^ S p) in *. set (K := / INR (S p)) in *.
  replace (2 * (A - B) * K) with (2 * (A * K) - 2 * (B * K)) in C by ring. lra.
Qed.
Lemma inverse_gain n k : (2 <= k <= n)%nat -> / INR k + / (2 * INR n) <= occ n (k - 1) (fun i => / INR i) 1.
Proof.
  intros H. rewrite mean_inverse by lia. assert (0 < INR n) by (apply lt_0_INR; lia). assert (0 < INR k) by (apply lt_0_INR; lia).
  assert (T := trapezoid (k - 1) n ltac:(lia)). replace (S (k - 1)) with k in * by lia.
  assert (0 < INR n ^ k) by (apply pow_lt; lra). assert (E : INR n ^ k = INR n * INR n ^ (k - 1)) by (rewrite tech_pow_Rmult; f_equal; lia).
  assert (0 < INR n ^ (k - 1)) by (apply pow_lt; lra).
  apply Rmult_le_reg_r with (INR n ^ k); [lra|]. unfold Rdiv at 1. rewrite (Rmult_assoc _ (/ INR n ^ k)), Rinv_l, Rmult_1_r by lra.
  eapply Rle_trans; [|exact T]. rewrite E. right. field; lra.
Qed.

Theorem ancestor_time : forall n m k, (1 <= k <= n)%nat -> sum m (fun t => apart n t k) <= 2 * INR n * (1 - / INR k).
Proof.
  intros n m; induction m; intros k H.
  - simpl. assert (1 <= INR k) by (change 1 with (INR 1); apply le_INR; lia). assert (0 <= INR n) by apply pos_INR.
    assert (/ INR k <= 1) by (rewrite <- Rinv_1; apply Rinv_le_contravar; lra). apply Rmult_le_pos; lra.
  - assert (0 < INR n) by (apply lt_0_INR; lia).
    assert (S1 : sum (S m) (fun t => apart n t k) = apart n 0 k + occ n (k - 1) (fun j => sum m (fun t => apart n t j)) 1).
    { clear IHm. induction m. { simpl. assert (Z := occ_affine n (k - 1) 0 0 (fun _ => 0) 1). rewrite (occ_ext n (k-1) _ (fun _ => 0)) in Z by (intros; ring). lra. }
      change (sum (S (S m)) (fun t => apart n t k)) with (sum (S m) (fun t => apart n t k) + apart n (S m) k).
      rewrite IHm. simpl apart at 3. simpl sum. rewrite occ_plus. ring. }
    rewrite S1. assert (U : occ n (k - 1) (fun j => sum m (fun t => apart n t j)) 1 <= occ n (k - 1) (fun j => 2 * INR n + (- (2 * INR n)) * / INR j) 1).
    { apply occ_le; try lia. intros i Hi. eapply Rle_trans; [apply IHm; lia|]. lra. }
    rewrite occ_affine in U. destruct (Nat.eq_dec k 1) as [->|ne].
    + simpl in *. lra.
    + assert (G := inverse_gain n k ltac:(lia)). assert (G' := Rmult_le_compat_l (2 * INR n) _ _ ltac:(lra) G).
      rewrite Rmult_plus_distr_l, Rinv_r in G' by lra. replace (apart n 0 k) with 1 by (simpl; destruct (Nat.leb_spec k 1); [lia|easy]). lra.
Qed.
Theorem collapse_time_linear : forall n m, (1 <= n)%nat -> 1 + sum m (fun t => apart n t n) <= 1 + 2 * (INR n - 1).
Proof. intros n m H. assert (A := ancestor_time n m n ltac:(lia)). assert (0 < INR n) by (apply lt_0_INR; lia). replace (2 * INR n * (1 - / INR n)) with (2 * (INR n - 1)) in A by (field; lra). lra. Qed.
