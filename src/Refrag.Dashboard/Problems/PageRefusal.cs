namespace Refrag.Dashboard.Problems;

/// <summary>A request of the page that is answered with problems.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="problems">One at least.</param>
internal sealed class PageRefusal(int status, IReadOnlyList<Problem> problems) : Exception(problems[0].What)
{
    public PageRefusal(int status, Problem problem)
        : this(status, [problem])
    {
    }

    public int Status => status;

    public IReadOnlyList<Problem> Problems => problems;
}
