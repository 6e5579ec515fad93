using Amazon.Runtime;

namespace Refrag.Aws;

/// <summary>Where credentials come from.</summary>
/// <param name="Name">The source in words for a user, such as <c>profile research</c>.</param>
/// <param name="Credentials">Loads and renews them.</param>
/// <param name="Cure">What to do where they cannot be loaded.</param>
internal sealed record CredentialSource(string Name, AWSCredentials Credentials, string Cure);
