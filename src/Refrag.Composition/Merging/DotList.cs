using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Merging;

/// <summary>Lists of <c>key=value</c>, where the value is YAML. A backslash before <c>=</c> or <c>.</c> makes it part of the key.</summary>
public static class DotList
{
    /// <summary>Makes a configuration of <c>key=value</c> texts; one without <c>=</c> sets null.</summary>
    /// <returns>The mapping, or the problems of every item.</returns>
    public static Result<ConfigNode> Read(IEnumerable<string> items)
    {
        ConfigNode config = ConfigMapping.Empty;
        var problems = new List<Problem>();
        foreach (string item in items)
        {
            if (!Apply(config, item).TryGet(out ConfigNode? updated, out IReadOnlyList<Problem> wrong)) problems.AddRange(wrong);
            else config = updated;
        }
        return problems.Count > 0 ? Result<ConfigNode>.Failure(problems) : config;
    }

    private static Result<ConfigNode> Apply(ConfigNode config, string item)
    {
        int equals = FindEquals(item);
        var source = new ArgumentSource(item);
        string key = equals < 0 ? item : item[..equals];
        ConfigNode value = ConfigScalar.Null;
        if (equals >= 0)
        {
            if (!ConfigYaml.ReadValue(item[(equals + 1)..], source).TryGet(out ConfigNode? read, out IReadOnlyList<Problem> problems))
                return Result<ConfigNode>.Failure(problems);
            value = read;
        }
        Mark mark = new(source, 1, 1, key.Length);
        return ConfigUpdate.Apply(config, KeyPath.Split(key), value.At(mark), new UpdateOptions { Merge = true, Mark = mark });
    }

    private static int FindEquals(string item)
    {
        for (int i = 0; i < item.Length; i++)
        {
            if (item[i] == '\\') i++;
            else if (item[i] == '=') return i;
        }
        return -1;
    }
}
