#!/bin/bash
# Shards of one run as a SLURM array job, without a network between them; a dependent job joins them.
# Call it on the login node with the number of shards, a folder for everything, and what `collapse simulate` takes:
#
#   bash examples/slurm_array.sh 32 results gaussian replace --set n=100 --set ddof=1 --chains 100000000
#
# Options of sbatch (account, partition, memory, GPUs) go into SBATCH_OPTIONS. A task that is preempted, killed or out
# of time resumes from its checkpoint when it is requeued, or when the same line is called again.
set -euo pipefail
shards=$1 folder=$2
shift 2
mkdir -p "$folder"

quoted=$(printf '%q ' "$@")
here=$(printf '%q' "$folder")
shard="exec collapse simulate $quoted --shard \$SLURM_ARRAY_TASK_ID/$shards"
shard+=" --devices all --checkpoint $here/shard\$SLURM_ARRAY_TASK_ID.checkpoint --out $here/shard\$SLURM_ARRAY_TASK_ID"
merge="exec collapse merge $here/run"
for i in $(seq "$shards"); do merge+=" $here/shard$i.npz"; done

# shellcheck disable=SC2086 # SBATCH_OPTIONS holds several words
job=$(sbatch --parsable --job-name=collapse --array="1-$shards" --ntasks=1 --requeue --open-mode=append \
    --output="$folder/shard%a.log" ${SBATCH_OPTIONS:---cpus-per-task=4 --time=04:00:00} --wrap "$shard")
sbatch --job-name=collapse-merge --dependency="afterok:${job%%;*}" --ntasks=1 --time=00:30:00 \
    --output="$folder/merge.log" --wrap "$merge"
