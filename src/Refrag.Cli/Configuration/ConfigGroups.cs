using Refrag.Composition;

namespace Refrag.Cli.Configuration;

/// <summary>The groups that a configuration has.</summary>
internal static class ConfigGroups
{
    /// <summary>The groups below a group and the groups in them, as <c>db</c> and <c>db/engine</c>.</summary>
    public static IEnumerable<string> Of(Composer composer, string parent = "")
    {
        foreach (string name in composer.Groups(parent))
        {
            string group = parent.Length == 0 ? name : $"{parent}/{name}";
            yield return group;
            foreach (string inner in Of(composer, group)) yield return inner;
        }
    }
}
