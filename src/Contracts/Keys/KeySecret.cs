namespace OpenAIProxy.Contracts.Keys;

/// <summary>One secret of an access key, of which nobody keeps more than this.</summary>
/// <param name="Sha256">The SHA-256 of the secret's UTF-8 bytes, in 64 lower-case hexadecimal digits.</param>
/// <param name="Ending">The secret's last characters (<see cref="KeyLabel.EndingOf"/>); empty if they are not known, or would tell too much.</param>
/// <param name="NotAfter">Until when it opens the gateway; null without an end.</param>
public sealed record KeySecret(string Sha256, string Ending = "", DateTimeOffset? NotAfter = null);
