using System.Reflection;

namespace Refrag.Cli.Commands.Infra;

/// <summary>The Terraform code that comes with refrag.</summary>
internal static class StackFiles
{
    private const string Prefix = "infra/terraform/";

    /// <summary>Each file's path below the stack's directory, with slashes, and its content.</summary>
    public static IEnumerable<(string Name, byte[] Content)> All()
    {
        var program = Assembly.GetExecutingAssembly();
        foreach (string name in program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = program.GetManifestResourceStream(name)!;
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            yield return (name[Prefix.Length..], content);
        }
    }
}
