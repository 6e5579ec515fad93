namespace Refrag.Slurm.Scripts;

/// <summary>
/// The script that ends jobs, and writes down why beside what waited: that leaves nothing else of its end, and one that waited for another
/// attempt has files of the one before. Pure.
/// </summary>
internal static class EndScript
{
    /// <summary>The script. A task that never ran has no folder: the array's speaks for it.</summary>
    /// <param name="own">Slurm's id of the job or task.</param>
    /// <param name="all">The same, and those of the submission that arrived beside it.</param>
    /// <param name="which">Which of their states, as an option of scancel with a blank behind it; empty for all.</param>
    /// <param name="folder">The job's folder, or the task's.</param>
    /// <param name="reason">Why.</param>
    public static string Of(string own, IReadOnlyList<string> all, string which, string folder, string reason)
    {
        string list = ShellWord.Quote(own);
        return $$"""
            refrag_waits=$(squeue --all -h -r -t PENDING -j {{list}} -o %F:%K 2>/dev/null)
            scancel {{which}}{{string.Join(' ', all.Select(ShellWord.Quote))}} || exit
            [ -n "$refrag_waits" ] || exit 0
            # What began in between has not ended: only a job that waited and is cancelled by now was ended while it waited.
            { printf '%s\n' "$refrag_waits"; squeue --all -h -r -t CANCELLED -j {{list}} -o %F:%K 2>/dev/null; } | sort | uniq -d |
              while IFS=: read -r refrag_own refrag_task; do
                refrag_place={{ShellWord.Quote(folder)}}
                if [ -d "$refrag_place/$refrag_task" ]; then
                  refrag_place=$refrag_place/$refrag_task
                elif [ -n "${refrag_done:-}" ]; then
                  continue
                else
                  refrag_done=1
                  mkdir -p "$refrag_place" || exit
                fi
                printf '%s\n' {{ShellWord.Quote(reason.ReplaceLineEndings(" "))}} >"$refrag_place/ended-by"
              done
            exit 0

            """;
    }
}
