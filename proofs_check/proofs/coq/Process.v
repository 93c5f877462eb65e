(* From the sampling process itself: s symbols, n draws a generation, any t. *)
Require Import Reals Lra Lia Arith.
Open Scope R_scope.

Fixpoint sum (s : nat) (f : nat -> R) : R := match s with O => 0 | S m => sum m f + f m end.
Fixpoint prod (s : nat) (f : nat -> R) : R := match s with O => 1 | S m => prod m f * f m end.
Lemma sum_ext s f g : (forall i, (i < s)%nat -> f i = g i) -> sum s f = sum s g.
Proof. induction s; simpl; intros H; [easy|]. rewrite IHs by (intros; apply H; lia). rewrite H by lia. easy. Qed.
Lemma sum_plus s f g : sum s (fun i => f i + g i) = sum s f + sum s g.
Proof. induction s; simpl; [lra|]. rewrite IHs; lra. Qed.
Lemma sum_scal s c f : sum s (fun i => c * f i) = c * sum s f.
Proof. induction s; simpl; [lra|]. rewrite IHs; lra. Qed.
Definition hit (i j : nat) : R := if Nat.eqb i j then 1 else 0.
Lemma sum_hit s i f : (i < s)%nat -> sum s (fun j => hit i j * f j) = f i.
Proof.
  induction s; intros H; [lia|]. simpl. destruct (Nat.eq_dec i s) as [->|ne].
  - rewrite (sum_ext s _ (fun j => 0 * f j)). 2:{ intros j Hj; unfold hit. destruct (Nat.eqb_spec s j); [lia|lra]. }
    rewrite sum_scal. unfold hit. rewrite Nat.eqb_refl. lra.
  - rewrite IHs by lia. unfold hit. destruct (Nat.eqb_spec i s); [lia|lra].
Qed.

(* E over n independent draws from p of F(counts), counts starting at c *)
Fixpoint draws (n s : nat) (p : nat -> R) (F : (nat -> R) -> R) (c : nat -> R) : R :=
  match n with O => F c | S m => sum s (fun i => p i * draws m s p F (fun j => c j + hit i j)) end.
(* E after t generations of F(p_t): each is the empirical law of n draws from the last *)
Fixpoint generations (t n s : nat) (F : (nat -> R) -> R) (p : nat -> R) : R :=
  match t with O => F p | S m => draws n s p (fun c => generations m n s F (fun j => c j / INR n)) (fun _ => 0) end.
Definition squares s (p : nat -> R) := sum s (fun i => p i * p i).

Lemma draws_ext n s p F G : forall c, (forall c', sum s c' = sum s c + INR n -> F c' = G c') -> draws n s p F c = draws n s p G c.
Proof.
  induction n; intros c H; simpl draws. { apply H. simpl; lra. }
  apply sum_ext; intros i Hi. f_equal. apply IHn. intros c' Hc'. apply H. rewrite Hc', sum_plus, S_INR.
  replace (sum s (hit i)) with 1. lra. rewrite <- (sum_hit s i (fun _ => 1) Hi). apply sum_ext; intros; lra.
Qed.
Lemma draws_affine n s p a b F : sum s p = 1 -> forall c, draws n s p (fun x => a + b * F x) c = a + b * draws n s p F c.
Proof.
  intros P; induction n; intros c; simpl; [easy|].
  rewrite (sum_ext s _ (fun i => a * p i + b * (p i * draws n s p F (fun j => c j + hit i j)))).
  2:{ intros; rewrite IHn; ring. } rewrite sum_plus, !sum_scal, P; ring.
Qed.
Lemma squares_step s i c : (i < s)%nat -> squares s (fun j => c j + hit i j) = squares s c + 2 * c i + 1.
Proof.
  intros H; unfold squares.
  rewrite (sum_ext s _ (fun j => c j * c j + (2 * (hit i j * c j) + hit i j * 1))).
  2:{ intros j _; unfold hit; destruct (Nat.eqb i j); ring. }
  rewrite !sum_plus, sum_scal, !sum_hit by easy. ring.
Qed.
(* E sum of squared counts: (c_j + n p_j)^2 + n p_j (1 - p_j), summed *)
Lemma draws_squares n s p : sum s p = 1 -> forall c,
  draws n s p (squares s) c = squares s c + 2 * INR n * sum s (fun i => p i * c i) + INR n * INR n * squares s p + INR n * (1 - squares s p).
Proof.
  intros P; induction n; intros c. { simpl; lra. }
  simpl draws. rewrite (sum_ext s _ (fun i => (squares s c + 1 + INR n * INR n * squares s p + INR n * (1 - squares s p) + 2 * INR n * sum s (fun i => p i * c i)) * p i + (2 * (p i * c i) + 2 * INR n * (p i * p i)))).
  2:{ intros i Hi. rewrite IHn, (squares_step s i c Hi).
      rewrite (sum_ext s (fun i0 => p i0 * (c i0 + hit i i0)) (fun j => p j * c j + hit i j * p j)) by (intros; ring).
      rewrite sum_plus, sum_hit by easy. ring. }
  rewrite !sum_plus, !sum_scal, P. rewrite S_INR. fold (squares s p). ring.
Qed.

Theorem seddik_thm1 : forall s n t p, (0 < n)%nat -> sum s p = 1 ->
  generations t n s (squares s) p = 1 - (1 - 1 / INR n) ^ t * (1 - squares s p).
Proof.
  intros s n t; induction t; intros p N P. { simpl; lra. }
  assert (Hn : INR n <> 0) by (apply not_0_INR; lia).
  simpl generations.
  rewrite (draws_ext n s p _ (fun c => (1 - (1 - 1 / INR n) ^ t) + (1 - 1 / INR n) ^ t / (INR n * INR n) * squares s c)).
  2:{ intros c Hc. rewrite IHt; [|easy|].
      - unfold squares. rewrite (sum_ext s (fun i => c i / INR n * (c i / INR n)) (fun i => / (INR n * INR n) * (c i * c i))) by (intros; field; easy).
        rewrite sum_scal. field; easy.
      - rewrite (sum_ext s _ (fun j => / INR n * c j)) by (intros; field; easy). rewrite sum_scal, Hc.
        rewrite (sum_ext s (fun _ => 0) (fun _ => 0 * 1)) by (intros; lra). rewrite sum_scal. field; easy. }
  rewrite draws_affine, draws_squares by easy.
  unfold squares at 1. rewrite (sum_ext s (fun i => (fun _ => 0) i * (fun _ => 0) i) (fun _ => 0 * 1)) by (intros; lra).
  rewrite (sum_ext s (fun i => p i * 0) (fun i => 0 * p i)) by (intros; ring). rewrite !sum_scal. simpl pow. field; easy.
Qed.
