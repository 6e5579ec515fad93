using System.Text;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Operations;

/// <summary>SubmitJob: the job's folder is written, then sbatch is called, in one script.</summary>
/// <param name="commands">Where Slurm's tools are.</param>
/// <param name="place">The cluster.</param>
/// <param name="reader">Reads the jobs that it waits for.</param>
internal sealed class Submissions(ISlurmCommands commands, SlurmPlace place, ClusterReader reader)
{
    // Slurm's own limit for a message is ten seconds by default; a busy controller may take several tries.
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static string Operation => BatchOperations.SubmitJob.Name;

    public async Task<SubmitJobResponse> SubmitAsync(SubmitJobRequest request, CancellationToken cancellationToken)
    {
        var job = SlurmJob.Of(request);
        IReadOnlyList<string> after = await AfterAsync(job, cancellationToken);
        CommandAnswer answer = await commands.RunAsync(Script(job, after), Input(job), s_limit, cancellationToken);
        reader.Forget();
        if (answer.ExitCode == 0 && !answer.IsCutOff && Number(answer.Text) is not null)
            return new SubmitJobResponse { JobId = job.Id, JobName = request.JobName };
        if (answer.ExitCode == NoFolder && !answer.IsCutOff) throw Unwritable(answer);
        if (SlurmFailures.IsRefused(answer))
        {
            await RemoveAsync(job, cancellationToken);
            throw SlurmFailures.Refused(Operation, answer);
        }
        // 127 with a word of the shell: sbatch is not there. A program behind ssh that is not reached ends with 255.
        if (SlurmFailures.IsUnreached(answer) || answer is { ExitCode: 127, IsCutOff: false })
        {
            await RemoveAsync(job, cancellationToken);
            throw SlurmFailures.NotSent(Operation, commands, answer);
        }
        throw SlurmFailures.Lost(Operation, commands, answer);
    }

    private const int NoFolder = 73;

    /// <summary>The script that submits; the request and the job's script are its input.</summary>
    internal string Script(SlurmJob job, IReadOnlyList<string> after)
    {
        string folder = ShellWord.Quote(place.FolderOf(job.Id));
        string line = SbatchCommand.Line(SbatchCommand.Of(job, place, after));
        // Script and request hold the job's environment. The job itself gets the user's own mask, which sbatch hands on.
        // The counted bytes: a connection that ends in between would leave half a script. The answer writes the number only where the
        // job's own start has not done so.
        return $$"""
            (umask 077 && mkdir -p {{folder}} && cd {{folder}} && sed -n -e '1w request.json' -e '2,$w script') || exit {{NoFolder}}
            cd {{folder}} && [ "$(wc -c <script)" -eq {{Encoding.UTF8.GetByteCount(JobScript.Of(job, place))}} ] || exit {{NoFolder}}
            printf x >>sent
            said=$({{line}}) || exit
            # A site's own sbatch may print something before; with several clusters the name of one stands behind the number.
            id=$(printf '%s\n' "$said" | sed -n '$s/^\([0-9][0-9]*\)\(;.*\)\{0,1\}$/\1/p')
            if [ -z "$id" ]; then
              printf 'sbatch printed no number of a job: %s\n' "$said" >&2
              exit 0
            fi
            printf '%s\n' "$id" >slurm.new
            ln slurm.new slurm 2>/dev/null || [ -e slurm ] || mv slurm.new slurm
            rm -f slurm.new
            printf '%s\n' "$id"

            """;
    }

    private string Input(SlurmJob job) =>
        $"{Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(job.Request))}\n{JobScript.Of(job, place)}";

    private static string? Number(string text) =>
        text.Trim() is { Length: > 0 } id && id.All(char.IsAsciiDigit) ? id : null;

    // Slurm counts a dependency on a job that it has forgotten as fulfilled, even where that job had failed.
    private async Task<IReadOnlyList<string>> AfterAsync(SlurmJob job, CancellationToken cancellationToken)
    {
        string[] ids = [.. (job.Request.DependsOn ?? []).Select(one => one.JobId).OfType<string>()];
        if (ids.Length == 0) return [];
        if (ids.FirstOrDefault(id => !SlurmJob.IsId(JobAddress.Parse(id).Id)) is { } unknown) throw NotFulfillable(unknown, null);
        ClusterView view = await reader.ViewAsync(Operation, [.. ids.Select(id => JobAddress.Parse(id).Id)], cancellationToken);
        List<string> after = [];
        foreach (string id in ids)
        {
            JobDetail? found = new JobDescriber(view).Find(id);
            if (found?.Status == JobStatus.Succeeded) continue;
            if (found is null || found.Status == JobStatus.Failed || found.Container?.TaskArn is not { } slurmId)
                throw NotFulfillable(id, found);
            after.Add(slurmId);
        }
        return after;
    }

    // Only what is surely not submitted; its folder would stay as a job that never was. What was sent before may still arrive.
    private Task<CommandAnswer> RemoveAsync(SlurmJob job, CancellationToken cancellationToken) => commands.RunAsync(
        $"cd {ShellWord.Quote(place.FolderOf(job.Id))} && [ \"$(cat sent)\" = x ] && rm -f request.json script sent && cd .. "
        + $"&& rmdir {job.Id}\n", "", s_limit, cancellationToken);

    private BackendException Unwritable(CommandAnswer answer) => new(Operation, new Problem
    {
        Code = "RF8206",
        What = $"The folder {place.Folder} cannot be written on {commands.Where}; nothing was submitted",
        Cause = answer.FirstError,
        Cure = "Name one that you may write and that the nodes have too: env.folder=/PATH.",
    });

    private static BackendException NotFulfillable(string id, JobDetail? found) => new(Operation, new Problem
    {
        Code = "RF8207",
        What = $"The job cannot wait for {id}, which {(found is null ? "is not known" : $"has failed ({found.StatusReason})")}",
        Cause = "Slurm starts at once what depends on a job that it does not know, even if that one had failed",
        Cure = "Name a job that has not ended or has succeeded, or remove it from env.depends_on.",
    });
}
