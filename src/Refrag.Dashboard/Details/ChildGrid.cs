using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Details;

/// <summary>The children of an array, each as its state.</summary>
internal sealed record ChildGrid
{
    /// <summary>The states that occur; a child names one by its place here.</summary>
    public required IReadOnlyList<string> States { get; init; }

    /// <summary>The state of each child by its index; -1 for one that Batch did not list.</summary>
    public required IReadOnlyList<int> Children { get; init; }

    /// <summary>Reads them from all pages.</summary>
    public static async Task<ChildGrid> ReadAsync(JobLister lister, string arrayJobId, int size, CancellationToken cancellationToken)
    {
        List<string> states = [];
        int[] children = new int[size];
        Array.Fill(children, -1);
        await foreach (JobSummary child in lister.ChildrenAsync(arrayJobId, null, cancellationToken))
        {
            if (child.ArrayProperties?.Index is not { } index || index < 0 || index >= size) continue;
            string state = child.Status ?? "";
            if (!states.Contains(state, StringComparer.Ordinal)) states.Add(state);
            children[index] = states.IndexOf(state);
        }
        return new ChildGrid { States = states, Children = children };
    }
}
