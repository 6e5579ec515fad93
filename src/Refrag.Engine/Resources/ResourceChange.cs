using System.Text.Json.Serialization.Metadata;
using Refrag.Engine.Names;

namespace Refrag.Engine.Resources;

/// <summary>A resource that changed.</summary>
/// <param name="Kind">One of <see cref="ResourceKinds"/>.</param>
/// <param name="Name">Its name, unique in its kind.</param>
/// <param name="Record">The record; null if it was removed.</param>
/// <param name="Json">How the record is written.</param>
internal sealed record ResourceChange(string Kind, string Name, object? Record, JsonTypeInfo Json);
