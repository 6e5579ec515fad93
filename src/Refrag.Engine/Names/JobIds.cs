using System.Globalization;

namespace Refrag.Engine.Names;

/// <summary>How Batch writes the ids of parts: <c>id:3</c> is an array's child, <c>id#1</c> a node of a multi-node job.</summary>
internal static class JobIds
{
    /// <summary>A new id. It begins with the time, so that the index of ids grows at its end; the rest is chance.</summary>
    public static string New(TimeProvider time) => Guid.CreateVersion7(time.GetUtcNow()).ToString("D", CultureInfo.InvariantCulture);

    /// <summary>The id of an array's child.</summary>
    public static string Child(string arrayId, int index) => string.Create(CultureInfo.InvariantCulture, $"{arrayId}:{index}");

    /// <summary>The id of a node.</summary>
    public static string Node(string jobId, int index) => string.Create(CultureInfo.InvariantCulture, $"{jobId}#{index}");

    /// <summary>The id of what was submitted: without a child's or a node's part.</summary>
    public static string Submission(string id) => id.IndexOfAny([':', '#']) is > 0 and int cut ? id[..cut] : id;

    /// <summary>Takes a node's id apart; the node is null if the id names a whole job.</summary>
    public static (string JobId, int? Node) Split(string id)
    {
        int cut = id.IndexOf('#');
        return cut > 0 && int.TryParse(id.AsSpan(cut + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int node)
            ? (id[..cut], node)
            : (id, null);
    }
}
