using System.Text.Json;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

/// <summary>Terraform's backend with workspaces in memory, as its commands show it. Two machines that deploy one stack share one.</summary>
internal sealed class FakeBackend(string workspace = "default", bool hasWorkspaces = true) : ITerraform
{
    private readonly string _workspace = workspace;

    public Dictionary<string, string> States { get; private init; } = new(StringComparer.Ordinal) { ["default"] = "{}" };

    /// <summary>Whether <c>terraform workspace show</c> fails.</summary>
    public bool IsBroken { get; init; }

    public ITerraform In(string workspace) => new FakeBackend(workspace, hasWorkspaces) { States = States };

    public Task<TerraformRun> RunAsync(IReadOnlyList<string> arguments, Action<string>? onLine, CancellationToken cancellationToken) =>
        Task.FromResult(hasWorkspaces || arguments is ["workspace", "show"] ? Run(arguments)
            : new TerraformRun(1, "", "workspaces not supported\n"));

    private TerraformRun Run(IReadOnlyList<string> arguments) => arguments switch
    {
        ["workspace", "list"] => Answer(string.Concat(States.Keys.Select(name => $"{(name == _workspace ? "*" : " ")} {name}\n"))),
        ["workspace", "show"] when IsBroken => new TerraformRun(1, "", "Error: permission denied: .terraform/environment"),
        ["workspace", "show"] => Answer(_workspace + "\n"),
        ["workspace", "delete", .., var name] => States.Remove(name) ? Answer("")
            : new TerraformRun(1, "", $"Workspace \"{name}\" doesn't exist."),
        ["output", "-json"] => Answer(JsonDocument.Parse(States[_workspace]).RootElement.GetProperty("outputs").GetRawText()),
        ["state", "push", .., var file] => Push(File.ReadAllText(file)),
        _ => throw new NotSupportedException(string.Join(' ', arguments)),
    };

    private TerraformRun Push(string state)
    {
        States[_workspace] = state;
        return Answer("");
    }

    private static TerraformRun Answer(string output) => new(0, output, "");
}
