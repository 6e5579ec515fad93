using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Submission;

/// <summary>An active revision of a job definition.</summary>
/// <param name="Name">The definition's name.</param>
/// <param name="Revision">The revision, from 1.</param>
/// <param name="Arn">The revision's ARN.</param>
/// <param name="WasRegistered">Whether it was made now, rather than found.</param>
public sealed record DefinitionRevision(string Name, int Revision, string Arn, bool WasRegistered);

/// <summary>Registers job definitions, but none a second time: equal content is found again by a fingerprint among the tags.</summary>
public static class DefinitionRegistry
{
    /// <summary>The request as it is sent: with its fingerprint among the tags. <c>--dry-run</c> prints this.</summary>
    public static RegisterJobDefinitionRequest WithHash(RegisterJobDefinitionRequest request) =>
        request with
        {
            Tags = new Dictionary<string, string>(request.Tags ?? new Dictionary<string, string>())
            {
                [ContentHash.Tag] = ContentHash.Of(request),
            },
        };

    /// <summary>
    /// The newest active revision of equal content, or a new one. A lost answer is looked for before the request is sent again; a revision
    /// too many would do no harm. Fails like <see cref="IAwsTransport.SendAsync"/>.
    /// </summary>
    /// <param name="transport">Carries the requests.</param>
    /// <param name="request">The definition.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DefinitionRevision> EnsureAsync(
        IAwsTransport transport, RegisterJobDefinitionRequest request, CancellationToken cancellationToken)
    {
        request = WithHash(request);
        if (await FindAsync(transport, request, cancellationToken) is { } known) return known;
        try
        {
            return await RegisterAsync(transport, request, cancellationToken);
        }
        catch (AwsException e) when (e.MayHaveTakenEffect)
        {
            return await FindAsync(transport, request, cancellationToken) ?? await RegisterAsync(transport, request, cancellationToken);
        }
    }

    private static async Task<DefinitionRevision> RegisterAsync(
        IAwsTransport transport, RegisterJobDefinitionRequest request, CancellationToken cancellationToken)
    {
        RegisterJobDefinitionResponse made = await transport.SendAsync(BatchOperations.RegisterJobDefinition, request, cancellationToken);
        return new DefinitionRevision(made.JobDefinitionName, made.Revision ?? 0, made.JobDefinitionArn, WasRegistered: true);
    }

    private static async Task<DefinitionRevision?> FindAsync(
        IAwsTransport transport, RegisterJobDefinitionRequest request, CancellationToken cancellationToken)
    {
        string hash = request.Tags![ContentHash.Tag];
        var active =
            new DescribeJobDefinitionsRequest { JobDefinitionName = request.JobDefinitionName, Status = JobDefinitionStatus.Active };
        JobDefinition? best =
            await transport.ItemsAsync(BatchOperations.DescribeJobDefinitions, active, page => page.JobDefinitions, cancellationToken)
            .Where(definition => definition.Tags?.GetValueOrDefault(ContentHash.Tag) == hash)
            .MaxByAsync(definition => definition.Revision, cancellationToken: cancellationToken);
        return best is null
            ? null
            : new DefinitionRevision(best.JobDefinitionName, best.Revision ?? 0, best.JobDefinitionArn, WasRegistered: false);
    }
}
