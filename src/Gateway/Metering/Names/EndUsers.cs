namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>How the people for whom an application calls are named in records.</summary>
public enum EndUsers
{
    /// <summary>Not at all; nothing is read of them.</summary>
    Off,

    /// <summary>By a hash of the name and of the key's id.</summary>
    Hashed,

    /// <summary>By the name that is sent.</summary>
    Plain,
}
