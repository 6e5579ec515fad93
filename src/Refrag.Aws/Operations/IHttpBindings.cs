namespace Refrag.Aws;

/// <summary>What a request carries beside its body, as a server reads it.</summary>
public interface IHttpBindings
{
    /// <summary>A part of the path, decoded; empty where the path has none of that name.</summary>
    /// <param name="member">The member's name on the wire.</param>
    string Path(string member);

    /// <summary>The values that a name has in the query, decoded, in their order; empty if there are none.</summary>
    /// <param name="member">The member's name on the wire.</param>
    IReadOnlyList<string> Query(string member);
}
