namespace Refrag.Aws.Ecs;

/// <summary>What every operation of <see cref="EcsOperations"/> shares.</summary>
internal static class EcsService
{
    public static AwsServiceModel Model { get; } =
        new(AwsService.Ecs, EcsJson.Options, static (operation, error) => new EcsException(operation, error));
}
