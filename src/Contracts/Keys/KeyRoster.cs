using System.Security.Cryptography;

namespace OpenAIProxy.Contracts.Keys;

/// <summary>
/// What a gateway's settings say of access keys and budgets, for reports and the usage page: <c>PUT /internal/keys/configured</c>, JSON, with
/// <see cref="InternalHeaders.Token"/>. Answered by 204 when it is kept. <c>GET</c> with the <see cref="MarkOf"/> in If-None-Match is answered by 304 if it
/// is kept already, else by 204. There is no secret in it.
/// </summary>
/// <param name="Keys">The access keys of the settings, each once.</param>
/// <param name="Common">What holds besides.</param>
public sealed record KeyRoster(IReadOnlyList<RosterKey> Keys, RosterCommon Common)
{
    /// <summary>Where it is told.</summary>
    public const string Path = "/internal/keys/configured";

    /// <summary>How often a gateway tells at least that its settings are still those.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>What stands for a roster: a hash of its JSON, in hexadecimal digits.</summary>
    public static string MarkOf(ReadOnlySpan<byte> json) => Convert.ToHexStringLower(SHA256.HashData(json));
}
