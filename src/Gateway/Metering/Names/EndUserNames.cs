using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OpenAIProxy.Usage.Answers;

namespace OpenAIProxy.Gateway.Metering.Names;

/// <summary>
/// The end users of records. Callers can make up as many as they like: those of a key are bounded as its models are, apart from them, and all
/// others are one name.
/// </summary>
/// <param name="kind">Whether there are any, and how they are named.</param>
/// <param name="headerNames">The headers that name them, the first one first.</param>
/// <param name="most">New names of one key in a day.</param>
/// <param name="time">The clock.</param>
internal sealed class EndUserNames(EndUsers kind, IReadOnlyList<string> headerNames, int most, TimeProvider time)
{
    // 64 bits: of a million names of one key, two are the same by a chance of one in 37 million.
    private const int HashBytes = 8;
    private const string HashPrefix = "user_";

    // Silent: at its limit it would speak of models.
    private readonly RecordNames _names = new(_ => false, time, most, mostKeys: 0, NullLogger<RecordNames>.Instance);

    /// <summary>Notes whom a request's headers name.</summary>
    public void Read(IHeaderDictionary headers, RequestFacts facts)
    {
        if (kind == EndUsers.Off)
        {
            return;
        }

        facts.ReadsEndUser = true;
        foreach (var name in headerNames)
        {
            if (headers[name].ToString().Trim() is { Length: > 0 } value)
            {
                facts.EndUser = value;
                return;
            }
        }
    }

    /// <summary>The name in a record; empty for none.</summary>
    /// <param name="key">Whose the record is.</param>
    /// <param name="endUser">What was sent.</param>
    /// <param name="proof">What became of the call.</param>
    public string Of(string key, string? endUser, NameProof proof)
    {
        if (string.IsNullOrWhiteSpace(endUser) || kind == EndUsers.Off)
        {
            return "";
        }

        var name = endUser.Trim();
        return _names.Name(key, kind == EndUsers.Hashed ? Hash(key, name) : UsageLines.Cut(name), proof);
    }

    // With the key, so that the same person can't be followed from one application to the next.
    private static string Hash(string key, string name)
        => HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key}\0{name}")).AsSpan(0, HashBytes));
}
