using Refrag.Aws;

namespace Refrag.Server.Reading;

/// <summary>Path and query of one request. Batch's templates have at most one member, at their end.</summary>
internal sealed class HttpBindings(RequestTarget target, string template) : IHttpBindings
{
    /// <inheritdoc/>
    public string Path(string member)
    {
        int start = template.IndexOf($"{{{member}}}", StringComparison.Ordinal);
        return start < 0 ? "" : Uri.UnescapeDataString(target.Path[start..]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Query(string member) => [.. from one in target.Parameters() where one.Name == member select one.Value];
}
