namespace Refrag.Composition;

/// <summary>Gathers problems, each once, so that all are reported at once.</summary>
internal sealed class ProblemList
{
    private readonly List<Problem> _items = [];
    private readonly HashSet<Problem> _seen = [];

    public IReadOnlyList<Problem> Items => _items;

    public bool Any => _items.Count > 0;

    public void Add(Problem problem)
    {
        if (_seen.Add(problem)) _items.Add(problem);
    }

    public void AddRange(IEnumerable<Problem> problems)
    {
        foreach (var problem in problems) Add(problem);
    }
}
