using System.Text.Json;

namespace Refrag.Aws;

/// <summary>What the operations of one service share.</summary>
/// <param name="Service">The service.</param>
/// <param name="Json">Options that know the types of every request and response.</param>
/// <param name="Failure">Makes the service's exception from an operation's name and the error.</param>
internal sealed record AwsServiceModel(AwsService Service, JsonSerializerOptions Json, Func<string, AwsError, AwsServiceException> Failure)
{
    /// <summary>Writes some of the requests as <see cref="Json"/> does, but at once; null for none.</summary>
    public AwsJsonWriter? Writer { get; init; }
}
