using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>A range of nodes as the API writes it: <c>2</c>, <c>0:3</c>, <c>4:</c> or <c>:3</c>. (API NodeRangeProperty)</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NodeRange(int First, int Last)
{
    /// <summary>How many nodes.</summary>
    public int Count => Last - First + 1;

    /// <summary>Whether the node is one of them.</summary>
    public bool Contains(int node) => node >= First && node <= Last;

    /// <summary>
    /// Reads a range in a job of <paramref name="numNodes"/> nodes; null if it is none or does not lie inside the job.
    /// </summary>
    public static NodeRange? Read(string text, int numNodes)
    {
        string[] ends = text.Split(':');
        if (ends.Length > 2) return null;
        int? first = End(ends[0], 0);
        int? last = ends.Length == 1 ? first : End(ends[1], numNodes - 1);
        if (ends is [""] || first is not { } from || last is not { } to || from > to || to >= numNodes) return null;
        return new NodeRange(from, to);
    }

    private static int? End(string text, int open)
    {
        if (text.Length == 0) return open;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }
}
