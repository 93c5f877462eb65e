#!/bin/bash
#SBATCH --job-name=collapse
#SBATCH --ntasks=4
#SBATCH --cpus-per-task=4
#SBATCH --time=04:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
# One run shared by all tasks of a SLURM job, which find each other through JAX. Submit it with the name of the result
# and what `collapse simulate` takes; options of sbatch given before the script override those above:
#
#   sbatch --ntasks=16 examples/slurm_distributed.sh results/run \
#       gaussian replace --set n=100 --set ddof=1 --chains 100000000
#
# On GPUs use as many tasks as GPUs, --ntasks-per-node=K --gpus-per-node=K: every task sees all GPUs of its node, and
# JAX takes the one of its local index.
set -euo pipefail
out=$1
shift
exec srun collapse simulate "$@" --distributed --devices all --checkpoint "$out.checkpoint" --out "$out"
