using System.Globalization;
using System.Text;

namespace Refrag.Slurm.Scripts;

/// <summary>
/// The script that Slurm runs: it sets the variables, starts the program on each node, and writes down what Slurm does not keep or gets
/// wrong. It needs a POSIX shell on the nodes, and nothing of refrag. Pure.
/// </summary>
internal static class JobScript
{
    /// <summary>The exit code where the job had no right to start again.</summary>
    public const int TooManyStarts = 122;

    /// <summary>The exit code where the job's folder cannot be written, and so none of its files.</summary>
    public const int NoFolder = 121;

    /// <summary>The exit code where the working directory is missing.</summary>
    public const int NoWorkingDirectory = 125;

    /// <summary>The script.</summary>
    public static string Of(SlurmJob job, SlurmPlace place)
    {
        StringBuilder script = new("#!/bin/sh\n");
        script.Append(CultureInfo.InvariantCulture, $"# Job {job.Id} of refrag. What it writes is beside it: attempt-N, exit.\n");
        // A site or a user may set it, and srun and the program would be without PATH.
        script.Append("unset SLURM_EXPORT_ENV\n");
        Set("refrag_id", job.Id);
        Set("refrag_folder", place.FolderOf(job.Id));
        Set("refrag_directory", job.Options.GetValueOrDefault("chdir", ""));
        Set("refrag_retries", job.Retries.ToString(CultureInfo.InvariantCulture));
        Set("refrag_nodes", job.Nodes.ToString(CultureInfo.InvariantCulture));
        Set("refrag_cpus", job.Resource(Aws.Batch.ResourceType.Vcpu) ?? "");
        foreach (KeyValuePair variable in job.Container.Environment ?? [])
        {
            if (variable.Name is { } name) Set($"export {name}", variable.Value ?? "");
        }
        Set("AWS_BATCH_JQ_NAME", job.Request.JobQueue);
        script.Append("export AWS_BATCH_JQ_NAME\n");
        if (job.ArraySize is { } size)
        {
            script.Append(CultureInfo.InvariantCulture, $"export AWS_BATCH_JOB_ARRAY_SIZE={size}\n");
            script.Append("export AWS_BATCH_JOB_ARRAY_INDEX=\"$SLURM_ARRAY_TASK_ID\"\n");
        }
        // What the node's part gets as arguments is kept before the program's words take their place.
        script.Append("refrag_part=${1:-}\nset --");
        foreach (string word in job.Container.Command ?? []) script.Append(' ').Append(ShellWord.Quote(word));
        return script.Append('\n').Append(Body).ToString();

        void Set(string name, string value) => script.Append(name).Append('=').Append(ShellWord.Quote(value)).Append('\n');
    }

    // Files are written whole under another name and then renamed: another host sees all of them or nothing.
    private const string Body = """
        refrag_say() { echo "refrag: $*" >&2; }
        refrag_keep() { printf '%s\n' "$2" >"$1.new.$$" && mv -f "$1.new.$$" "$1"; }
        refrag_place=$refrag_folder
        refrag_job=$refrag_id
        if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
          refrag_place=$refrag_folder/$SLURM_ARRAY_TASK_ID
          refrag_job=$refrag_id:$SLURM_ARRAY_TASK_ID
        fi
        refrag_own=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}
        # Slurm counts how often it has started the job again, and limits it nowhere.
        refrag_attempt=$((${SLURM_RESTART_COUNT:-0} + 1))
        refrag_stopped=
        refrag_log=$refrag_place/attempt-$refrag_attempt
        export AWS_BATCH_JOB_ATTEMPT=$refrag_attempt

        # One node's part: the program, its log and its exit code. Slurm signals all processes; the shell outlives SIGTERM to write it down.
        # The program is waited for in the foreground: Bash loses the code of one that ends while a signal interrupts `wait`.
        refrag_run() { # NODE COMMAND…
          refrag_node=$1
          shift
          trap 'refrag_stopped=1' TERM
          refrag_pid=$refrag_log/node-$refrag_node.pid
          refrag_watch=
          if [ "$refrag_retries" -gt 0 ] || [ "$refrag_nodes" -gt 1 ]; then
            # Ends the program if a later attempt has begun, as after a node that was lost for a while, or with the main node.
            (
              trap - TERM
              while sleep 2 && kill -0 $$; do
                refrag_child=$(cat "$refrag_pid") || continue
                if [ -e "$refrag_log/superseded" ] || { [ "$refrag_node" != 0 ] && [ -e "$refrag_log/node-0.exit" ]; }; then
                  kill -TERM "$refrag_child"
                  sleep 10
                  kill -KILL "$refrag_child"
                  exit
                fi
              done
            ) >/dev/null 2>&1 </dev/null &
            refrag_watch=$!
          fi
          sh -c 'echo $$ >"$0"; exec "$@"' "$refrag_pid" "$@" >>"$refrag_log/node-$refrag_node.log" 2>&1 </dev/null
          refrag_code=$?
          if [ -n "$refrag_watch" ]; then kill "$refrag_watch" 2>/dev/null; fi
          refrag_keep "$refrag_log/node-$refrag_node.exit" "$refrag_code"
          return "$refrag_code"
        }

        refrag_enter() {
          cd "$refrag_directory" 2>/dev/null && return 0
          echo "refrag: the working directory $refrag_directory is not on $(hostname); name one that the nodes have: env.workdir=PATH" \
            >>"$refrag_log/node-${1}.log"
          return 125
        }

        if [ "$refrag_part" = node ]; then
          refrag_index=$SLURM_PROCID
          export AWS_BATCH_JOB_ID="$refrag_job#$refrag_index" AWS_BATCH_JOB_NODE_INDEX="$refrag_index"
          export AWS_BATCH_JOB_NUM_NODES="$refrag_nodes" AWS_BATCH_JOB_MAIN_NODE_INDEX=0
          if [ "$refrag_index" != 0 ]; then
            AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS=$(cat "$refrag_log/main")
            export AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS
          fi
          if ! refrag_enter "$refrag_index"; then
            refrag_keep "$refrag_log/node-$refrag_index.exit" 125
            exit 125
          fi
          refrag_run "$refrag_index" "$@"
          exit
        fi

        mkdir -p "$refrag_place" || exit 121
        # A lost answer can make two jobs of one submission. The first to come here is the job; the other one ends.
        # A link is made whole or not at all; a file system without links gets a file that must not exist.
        printf '%s\n' "$refrag_own" >"$refrag_place/lock.$refrag_own" || exit 121
        ln "$refrag_place/lock.$refrag_own" "$refrag_place/lock" 2>/dev/null ||
          (set -C; printf '%s\n' "$refrag_own" >"$refrag_place/lock") 2>/dev/null
        rm -f "$refrag_place/lock.$refrag_own"
        refrag_owner=$(cat "$refrag_place/lock" 2>/dev/null)
        if [ "$refrag_owner" != "$refrag_own" ]; then
          refrag_say "already submitted as Slurm job $refrag_owner; this one does nothing"
          exit 120
        fi
        # Whoever cancelled it came too late.
        rm -f "$refrag_place/ended-by"
        refrag_keep "$refrag_folder/slurm" "$refrag_own"
        if [ "$refrag_attempt" -gt $((refrag_retries + 1)) ]; then
          true >"$refrag_place/attempt-$((refrag_attempt - 1))/superseded"
          refrag_keep "$refrag_place/ended-by" "Slurm started the job again, and env.retries allows $refrag_retries"
          exit 122
        fi
        mkdir -p "$refrag_log" || exit 121
        refrag_began=$(date +%s)
        refrag_keep "$refrag_log/started" "$refrag_own $refrag_began ${SLURM_JOB_NODELIST:-}"
        refrag_before=$refrag_place/attempt-$((refrag_attempt - 1))
        if [ -d "$refrag_before" ] && [ ! -e "$refrag_before/exit" ]; then
          # Its node may have been lost and its program still run: that one is ended first, if it can see this.
          true >"$refrag_before/superseded"
          refrag_tries=0
          while [ ! -e "$refrag_before/exit" ] && [ "$refrag_tries" -lt 20 ]; do
            sleep 1
            refrag_tries=$((refrag_tries + 1))
          done
        fi
        if [ "$refrag_nodes" -gt 1 ]; then
          refrag_first=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
          # The name of a node need not resolve; its address does.
          refrag_main=$(scontrol show node -o "$refrag_first" | tr ' ' '\n' | sed -n 's/^NodeAddr=//p' | head -n 1)
          refrag_keep "$refrag_log/main" "${refrag_main:-$refrag_first}"
          trap 'refrag_stopped=1' TERM
          srun --export=ALL --nodes="$refrag_nodes" --ntasks="$refrag_nodes" --ntasks-per-node=1 \
            ${refrag_cpus:+--cpus-per-task=$refrag_cpus} --kill-on-bad-exit=1 sh "$refrag_folder/script" node </dev/null &
          refrag_srun=$!
          while :; do
            wait "$refrag_srun"
            refrag_end=$?
            kill -0 "$refrag_srun" 2>/dev/null || break
          done
          # As on Batch the main node decides; where it was ended with another one, that one's code says more.
          refrag_said=$(cat "$refrag_log/node-0.exit" 2>/dev/null)
          case ${refrag_said:-none} in
            none | 143 | 137) ;;
            *) refrag_end=$refrag_said ;;
          esac
        else
          export AWS_BATCH_JOB_ID="$refrag_job"
          if refrag_enter 0; then
            refrag_run 0 "$@"
            refrag_end=$?
          else
            refrag_end=125
            refrag_keep "$refrag_log/node-0.exit" 125
          fi
        fi
        refrag_keep "$refrag_log/exit" "$refrag_end $refrag_began $(date +%s)${refrag_stopped:+ stopped}"
        exit "$refrag_end"

        """;
}
