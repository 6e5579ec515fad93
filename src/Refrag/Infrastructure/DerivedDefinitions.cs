using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Infrastructure;

/// <summary>What became of the job definitions that refrag derived from those of a stack.</summary>
/// <param name="Count">How many revisions were deregistered.</param>
/// <param name="Problem">Why some are left; null if none is. RF6045.</param>
public sealed record DeregisteredDefinitions(int Count, Problem? Problem);

/// <summary>Job definitions that refrag registered for single jobs, from a stack's own: Terraform does not know them, and they name the
/// stack's roles.</summary>
/// <param name="batch">Batch.</param>
public sealed class DerivedDefinitions(IAwsTransport batch)
{
    /// <summary>How the stack's definitions are named after its <c>name_prefix</c>.</summary>
    internal static IReadOnlyList<string> Suffixes { get; } = ["-cpu-job-def", "-gpu-job-def", "-distributed-job-def", "-job-def"];

    /// <summary>
    /// Deregisters all of definitions that are gone: those that a destroy has just removed, and those of the same stack that an earlier
    /// destroy removed, whose state no longer names them. Jobs that were submitted with them are not affected.
    /// </summary>
    /// <param name="removed">Names of the definitions that were just removed.</param>
    /// <param name="prefix">The stack's <c>name_prefix</c>; null if it is not known.</param>
    /// <param name="cancellationToken">Gives up; running it again resumes.</param>
    public async Task<DeregisteredDefinitions> DeregisterAsync(
        IReadOnlyCollection<string> removed, string? prefix, CancellationToken cancellationToken)
    {
        if (removed.Count == 0 && prefix is null) return new DeregisteredDefinitions(0, null);
        int count = 0;
        IReadOnlyList<JobDefinition>? derived = null;
        try
        {
            derived = await FindAsync(removed, prefix, cancellationToken);
            for (; count < derived.Count; count++)
            {
                var request = new DeregisterJobDefinitionRequest { JobDefinition = derived[count].JobDefinitionArn };
                await batch.SendAsync(BatchOperations.DeregisterJobDefinition, request, cancellationToken);
            }
            return new DeregisteredDefinitions(count, null);
        }
        catch (AwsException failure)
        {
            return new DeregisteredDefinitions(count, Left(failure, [.. (derived ?? []).Skip(count)]));
        }
    }

    // All pages first: what is deregistered meanwhile would move the pages.
    private async Task<IReadOnlyList<JobDefinition>> FindAsync(IReadOnlyCollection<string> removed, string? prefix,
        CancellationToken cancellationToken)
    {
        var request = new DescribeJobDefinitionsRequest { Status = JobDefinitionStatus.Active };
        List<JobDefinition> all = await batch.ItemsAsync(BatchOperations.DescribeJobDefinitions, request, page => page.JobDefinitions,
            cancellationToken).ToListAsync(cancellationToken);
        // A definition that is still active belongs to a stack of this name that another state knows.
        var active = all.Select(d => d.JobDefinitionName).ToHashSet(StringComparer.Ordinal);
        var gone = Suffixes.Select(suffix => prefix + suffix).Where(name => prefix is not null && !active.Contains(name)).Concat(removed)
            .ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(d => Base(d) is { } name && gone.Contains(name))];
    }

    // The base is what the user named: a name or an ARN, perhaps with a revision.
    private static string? Base(JobDefinition definition) =>
        definition.Tags?.GetValueOrDefault(DefinitionDerivation.BaseTag) is { } named ? DeployedStack.NameOf(named).Split(':')[0] : null;

    private static Problem Left(AwsException failure, IReadOnlyList<JobDefinition> left) => new()
    {
        Code = "RF6045",
        What = left.Count == 0
            ? "whether job definitions are left that refrag derived from those of the stack is not known"
            : $"job definitions are left that refrag derived from those of the stack: {string.Join(", ", left.Select(Name))}",
        Cause = failure.Problem.What,
        Cure = "Run `refrag infra destroy` again with the same settings, which removes them; "
            + "or remove each with `aws batch deregister-job-definition --job-definition NAME:REVISION`.",
    };

    private static string Name(JobDefinition definition) => $"{definition.JobDefinitionName}:{definition.Revision}";
}
