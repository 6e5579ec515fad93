namespace Refrag.Aws.Ecr;

/// <summary>What every operation of <see cref="EcrOperations"/> shares.</summary>
internal static class EcrService
{
    public static AwsServiceModel Model { get; } =
        new(AwsService.Ecr, EcrJson.Options, static (operation, error) => new EcrException(operation, error));
}
