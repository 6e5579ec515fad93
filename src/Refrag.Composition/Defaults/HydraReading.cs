namespace Refrag.Composition;

/// <summary>Which Hydra's rules a configuration is composed by, where its versions differ.</summary>
public enum HydraReading
{
    /// <summary>
    /// Those of Hydra 1.3.5 with OmegaConf 2.3.1. An option keeps its slashes (<c>env: gym/cart</c> goes to <c>env</c>), <c>..</c> leads up
    /// within the search path, <c>+group=option</c> is relative to the primary file, the first <c>override</c> of a file wins, and the
    /// package headers of Hydra 1.0, <c>_group_</c> and <c>_name_</c>, keep their meaning.
    /// </summary>
    Released,

    /// <summary>Those of Hydra's main branch with OmegaConf 2.4.</summary>
    Development,
}
