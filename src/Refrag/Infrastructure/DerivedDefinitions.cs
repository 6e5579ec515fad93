using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Infrastructure;

/// <summary>Job definitions that refrag registered for single jobs, from a stack's own: Terraform does not know them, and they name the
/// stack's roles.</summary>
/// <param name="batch">Batch.</param>
public sealed class DerivedDefinitions(IAwsTransport batch)
{
    /// <summary>Deregisters all of a stack that is gone. Jobs that were submitted with them are not affected. Returns how many revisions
    /// there were.</summary>
    /// <param name="definitions">Names of the stack's own definitions.</param>
    /// <param name="cancellationToken">Gives up; running it again continues.</param>
    public async Task<int> DeregisterAsync(IReadOnlyCollection<string> definitions, CancellationToken cancellationToken)
    {
        if (definitions.Count == 0) return 0;
        IReadOnlyList<JobDefinition> derived = await FindAsync(definitions, cancellationToken);
        foreach (JobDefinition definition in derived)
        {
            var request = new DeregisterJobDefinitionRequest { JobDefinition = definition.JobDefinitionArn };
            await batch.SendAsync(BatchOperations.DeregisterJobDefinition, request, cancellationToken);
        }
        return derived.Count;
    }

    // All pages first: what is deregistered meanwhile would move the pages.
    private async Task<IReadOnlyList<JobDefinition>> FindAsync(IReadOnlyCollection<string> definitions, CancellationToken cancellationToken)
    {
        var request = new DescribeJobDefinitionsRequest { Status = "ACTIVE" };
        return await batch.ItemsAsync(BatchOperations.DescribeJobDefinitions, request, page => page.JobDefinitions, cancellationToken)
            .Where(d => Base(d) is { } name && definitions.Contains(name)).ToListAsync(cancellationToken);
    }

    // The base is what the user named: a name or an ARN, perhaps with a revision.
    private static string? Base(JobDefinition definition) =>
        definition.Tags?.GetValueOrDefault(DefinitionDerivation.BaseTag) is { } named ? DeployedStack.NameOf(named).Split(':')[0] : null;
}
