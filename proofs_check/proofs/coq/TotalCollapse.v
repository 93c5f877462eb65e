(* E[T] <= 1 + 2 (n - 1) from the sampling process itself: any law p on s symbols, n draws a generation. *)
Require Import Reals Lra Lia Arith.
Require Import Process CollapseTime.
Open Scope R_scope.

Fixpoint bin (n : nat) (x : R) (f : R -> R) (c : R) : R := match n with O => f c | S m => x * bin m x f (c + 1) + (1 - x) * bin m x f c end.
Lemma bin_ext n x f g : (forall y, f y = g y) -> forall c, bin n x f c = bin n x g c.
Proof. intros H; induction n; intros c; simpl; [apply H|]. rewrite !IHn; easy. Qed.
Lemma bin_lin n x a b f g : forall c, bin n x (fun y => a * f y + b * g y) c = a * bin n x f c + b * bin n x g c.
Proof. induction n; intros c; simpl; [easy|]. rewrite !IHn; ring. Qed.
Lemma bin_shift n x f : forall c, bin n x f (c + 1) = bin n x (fun y => f (y + 1)) c.
Proof. induction n; intros c; simpl; [easy|]. rewrite !IHn; easy. Qed.
Lemma bin_ff x j : forall n, bin n x (fun y => ff y j) 0 = ff (INR n) j * x ^ j.
Proof.
  induction j; intros n. { simpl. induction n; simpl; [ring|]. rewrite bin_shift, IHn. ring. }
  induction n. { cbn [bin]. change (INR 0) with 0. rewrite ff_zero; ring. }
  cbn [bin]. rewrite bin_shift, IHn, (bin_ext n x _ (fun y => 1 * ff y (S j) + INR (S j) * ff y j)).
  2:{ intros y. rewrite ff_shift. cbn [ff]. rewrite S_INR; ring. }
  rewrite bin_lin, IHn, IHj, (S_INR n), ff_shift. cbn [ff]. rewrite S_INR. cbn [pow]. ring.
Qed.
Lemma bin_moment n x m : forall j, (j + m <= n)%nat -> bin n x (fun y => ff y j / ff (INR n) j * (y / INR n) ^ m) 0 = occ n m (fun i => x ^ i) j.
Proof.
  induction m; intros j H; assert (P := ff_pos n j ltac:(lia)).
  - simpl. rewrite (bin_ext n x _ (fun y => / ff (INR n) j * ff y j + 0 * 0)) by (intros; field; lra). rewrite (bin_lin n x _ 0 _ (fun _ => 0)), bin_ff. field; lra.
  - cbn [occ]. rewrite <- !IHm, <- bin_lin by lia. apply bin_ext; intros y. simpl. assert (INR j < INR n) by (apply lt_INR; lia). assert (0 <= INR j) by apply pos_INR. field. repeat split; lra.
Qed.

Lemma hit_sum s p j : (j < s)%nat -> sum s (fun i => p i * hit i j) = p j.
Proof. intros H. rewrite (sum_ext s _ (fun i => hit j i * p i)). apply sum_hit; easy. intros i _. unfold hit. rewrite Nat.eqb_sym. ring. Qed.
Lemma sum_swap s t f : sum s (fun i => sum t (fun j => f i j)) = sum t (fun j => sum s (fun i => f i j)).
Proof. induction s; simpl; [induction t; simpl; [easy|rewrite <- IHt; ring]|]. rewrite IHs, sum_plus; easy. Qed.
Lemma draws_marginal n s p f : sum s p = 1 -> forall c, draws n s p (fun c => sum s (fun i => f (c i))) c = sum s (fun i => bin n (p i) f (c i)).
Proof.
  intros P; induction n; intros c; simpl; [easy|].
  rewrite (sum_ext s _ (fun i => sum s (fun j => p i * bin n (p j) f (c j + hit i j)))) by (intros; rewrite IHn, sum_scal; easy).
  rewrite sum_swap. apply sum_ext; intros j Hj.
  rewrite (sum_ext s _ (fun i => bin n (p j) f (c j) * p i + (bin n (p j) f (c j + 1) - bin n (p j) f (c j)) * (p i * hit i j))).
  - rewrite sum_plus, !sum_scal, P, hit_sum by easy. ring.
  - intros i _. unfold hit. destruct (Nat.eqb i j); [|rewrite Rplus_0_r]; ring.
Qed.
Lemma draws_lin n s p a b F G : forall c, draws n s p (fun x => a * F x + b * G x) c = a * draws n s p F c + b * draws n s p G c.
Proof. induction n; intros c; simpl; [easy|]. rewrite <- !sum_scal, <- sum_plus. apply sum_ext; intros. rewrite IHn; ring. Qed.

Lemma sum_pos s f : (forall i, (i < s)%nat -> 0 <= f i) -> 0 <= sum s f.
Proof. induction s; intros H; simpl; [lra|]. apply Rplus_le_le_0_compat; [apply IHs; intros; apply H; lia|apply H; lia]. Qed.

Section Process.
Variables n s : nat.
Hypothesis N : (0 < n)%nat.
Let step (F : (nat -> R) -> R) p := draws n s p (fun c => F (fun j => c j / INR n)) (fun _ => 0).
Lemma total c : sum s c = sum s (fun _ => 0) + INR n -> sum s (fun j => c j / INR n) = 1.
Proof.
  intros H. assert (INR n <> 0) by (apply not_0_INR; lia). rewrite (sum_ext s _ (fun j => / INR n * c j)) by (intros; field; easy).
  rewrite sum_scal, H, (sum_ext s (fun _ => 0) (fun _ => 0 * 1)) by (intros; ring). rewrite sum_scal. field; easy.
Qed.
Lemma step_ext F G p : (forall q, sum s q = 1 -> F q = G q) -> step F p = step G p.
Proof. intros H; unfold step. apply draws_ext; intros c Hc. apply H, total; easy. Qed.
Lemma gen_ext t : forall F G p, sum s p = 1 -> (forall q, sum s q = 1 -> F q = G q) -> generations t n s F p = generations t n s G p.
Proof. induction t; intros F G p P H; simpl; [apply H; easy|]. apply (step_ext (generations t n s F) (generations t n s G)). intros q Q. apply IHt; easy. Qed.
Lemma gen_lin t a b F G : forall p, sum s p = 1 -> generations t n s (fun q => a * F q + b * G q) p = a * generations t n s F p + b * generations t n s G p.
Proof.
  induction t; intros p P; simpl; [easy|]. rewrite <- draws_lin.
  apply (step_ext (generations t n s (fun q => a * F q + b * G q)) (fun q => a * generations t n s F q + b * generations t n s G q)); intros; apply IHt; easy.
Qed.
Lemma gen_last t F : forall p, sum s p = 1 -> generations (S t) n s F p = generations t n s (step F) p.
Proof. induction t; intros p P; [easy|]. change (step (generations (S t) n s F) p = step (generations t n s (step F)) p). apply step_ext; intros; apply IHt; easy. Qed.
Lemma gen_occ t m F p : sum s p = 1 -> forall j, generations t n s (fun q => occ n m (fun i => F i q) j) p = occ n m (fun i => generations t n s (F i) p) j.
Proof. intros P; induction m; intros j; simpl; [easy|]. rewrite gen_lin, !IHm by easy. easy. Qed.

Definition moment k (p : nat -> R) := sum s (fun i => p i ^ k).
Lemma step_moment k p : sum s p = 1 -> (1 <= k <= n)%nat -> step (moment k) p = occ n (k - 1) (fun j => moment j p) 1.
Proof.
  intros P K. unfold step, moment. rewrite (draws_marginal n s p (fun y => (y / INR n) ^ k) P).
  rewrite (occ_ext n (k - 1) _ (fun j => sum s (fun i => 1 * p i ^ j))) by (intros; apply sum_ext; intros; ring).
  rewrite (occ_sum n (k - 1) s (fun _ => 1) (fun i j => p i ^ j)). apply sum_ext; intros i _. rewrite <- bin_moment by lia. rewrite Rmult_1_l. apply bin_ext; intros y.
  assert (0 < INR n) by (apply lt_0_INR; lia). replace k with (S (k - 1)) at 1 by lia. simpl. field; lra.
Qed.
Lemma moments t p : sum s p = 1 -> (forall i, (i < s)%nat -> 0 <= p i) -> forall k, (1 <= k <= n)%nat -> 1 - generations t n s (moment k) p <= apart n t k.
Proof.
  intros P Pos; induction t; intros k K.
  - simpl. destruct (Nat.leb_spec k 1).
    + replace k with 1%nat by lia. unfold moment. rewrite (sum_ext s _ p) by (intros; ring). lra.
    + assert (0 <= moment k p); [|lra]. unfold moment. apply sum_pos; intros; apply pow_le, Pos; easy.
  - rewrite gen_last by easy. rewrite (gen_ext t _ (fun q => occ n (k - 1) (fun j => moment j q) 1) p P) by (intros; apply step_moment; easy).
    rewrite gen_occ by easy. replace (1 - occ n (k - 1) (fun i => generations t n s (moment i) p) 1) with (1 + -1 * occ n (k - 1) (fun i => generations t n s (moment i) p) 1) by ring.
    rewrite <- occ_affine. simpl apart. apply occ_le; try lia. intros i Hi. assert (X := IHt i ltac:(lia)). lra.
Qed.

(* the indicator that a law is a point mass *)
Definition dirac (p : nat -> R) := sum s (fun i => if Req_EM_T (p i) 1 then 1 else 0).
Lemma bin_all x m : forall c, (c + m <= n)%nat -> bin m x (fun y => if Req_EM_T (y / INR n) 1 then 1 else 0) (INR c) = if Nat.eqb (c + m) n then x ^ m else 0.
Proof.
  assert (NN : 0 < INR n) by (apply lt_0_INR; lia).
  induction m; intros c H; simpl.
  - rewrite Nat.add_0_r. destruct (Req_EM_T (INR c / INR n) 1) as [e|e], (Nat.eqb_spec c n); try easy.
    + exfalso; apply n0, INR_eq. apply Rmult_eq_reg_r with (/ INR n); [|apply Rinv_neq_0_compat; lra]. rewrite Rinv_r by lra. exact e.
    + exfalso; apply e; subst; field; lra.
  - replace (INR c + 1) with (INR (S c)) by (rewrite S_INR; easy). rewrite !IHm by lia. replace (S c + m)%nat with (c + S m)%nat by lia.
    destruct (Nat.eqb_spec (c + m) n); [lia|]. destruct (Nat.eqb_spec (c + S m) n); ring.
Qed.
Lemma step_dirac p : sum s p = 1 -> step dirac p = moment n p.
Proof.
  intros P. unfold step, dirac, moment. rewrite (draws_marginal n s p (fun y => if Req_EM_T (y / INR n) 1 then 1 else 0) P).
  apply sum_ext; intros i _. assert (X := bin_all (p i) n 0%nat ltac:(lia)). rewrite Nat.add_0_l, Nat.eqb_refl in X. exact X.
Qed.

(* sum over 1 <= t <= m of P(p_t is no point mass): with P(T > 0) <= 1, E[T] <= 1 + 2 (n - 1) *)
Theorem total_collapse_linear : forall m p, sum s p = 1 -> (forall i, (i < s)%nat -> 0 <= p i) ->
  sum m (fun t => 1 - generations (S t) n s dirac p) <= 2 * (INR n - 1).
Proof.
  intros m p P Pos. apply Rle_trans with (sum m (fun t => apart n t n)).
  - induction m; cbn [sum]; [lra|]. apply Rplus_le_compat; [easy|].
    rewrite gen_last by easy. rewrite (gen_ext m (step dirac) (moment n) p P) by (intros; apply step_dirac; easy). apply moments; try easy; lia.
  - assert (X := collapse_time_linear n m ltac:(lia)). lra.
Qed.
End Process.
