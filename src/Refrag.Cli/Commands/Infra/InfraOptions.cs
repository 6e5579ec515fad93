using System.CommandLine;

namespace Refrag.Cli.Commands.Infra;

/// <summary>Which stack is meant: the part of the command line that all infrastructure verbs share.</summary>
internal sealed class InfraOptions
{
    /// <summary>Where the stack is unless a directory is named.</summary>
    public static readonly string UsualDirectory = Path.Combine("infra", "terraform");

    private readonly Option<string> _directory = new("--directory", "-C")
    {
        Description = "Where batch.tf is.",
        DefaultValueFactory = _ => UsualDirectory,
    };

    private readonly Option<string?> _region = new("--region")
    {
        Description =
            "Take regions/NAME.tfvars and workspace NAME. Default: the selected workspace.",
    };

    private readonly Option<string[]> _variables = new("--var")
    {
        Description = "A Terraform variable, NAME=VALUE; may be given more than once.",
    };

    private readonly Option<string[]> _files = new("--var-file")
    {
        Description = "A file of Terraform variables; may be given more than once.",
    };

    private readonly bool _plans;

    /// <summary>Options of a verb.</summary>
    /// <param name="plans">Whether it plans, and so takes variables.</param>
    public InfraOptions(bool plans) => _plans = plans;

    public void AddTo(Command verb)
    {
        verb.Options.Add(_directory);
        verb.Options.Add(_region);
        if (!_plans) return;
        verb.Options.Add(_variables);
        verb.Options.Add(_files);
    }

    public StackChoice Read(ParseResult parsed) => new()
    {
        Directory = parsed.GetRequiredValue(_directory),
        Region = parsed.GetValue(_region),
        Variables = _plans ? parsed.GetValue(_variables) ?? [] : [],
        VariableFiles = _plans ? parsed.GetValue(_files) ?? [] : [],
    };
}

/// <summary>Which stack is meant.</summary>
internal sealed record StackChoice
{
    public required string Directory { get; init; }

    public string? Region { get; init; }

    public IReadOnlyList<string> Variables { get; init; } = [];

    public IReadOnlyList<string> VariableFiles { get; init; } = [];
}
