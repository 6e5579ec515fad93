namespace Refrag.Reference.Problems;

/// <summary>What a problem code says at one place. Values that are known when it is raised are shown as <c>&lt;name&gt;</c>.</summary>
/// <param name="Code">The code, <c>RF2001</c>.</param>
/// <param name="Project">The project whose code raises it.</param>
/// <param name="Folder">The folder of that project; empty for its root.</param>
/// <param name="What">The sentences that say what is wrong, one of them at a time.</param>
/// <param name="Causes">Why it is wrong; empty if <paramref name="What"/> says so.</param>
/// <param name="Cures">What to do, one of them at a time.</param>
public sealed record ProblemMessage(
    string Code, string Project, string Folder, IReadOnlyList<string> What, IReadOnlyList<string> Causes, IReadOnlyList<string> Cures);
