using System.CommandLine;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Standalone.Reports;

/// <summary>The flags of <c>openai-proxy usage</c> that say which usage. Each is a parameter of <c>/billing/usage</c>, which says what may be there.</summary>
internal sealed class UsageFlags
{
    private readonly Option<string> _from = Text("--from", "DAY");
    private readonly Option<string> _to = Text("--to", "DAY");
    private readonly Option<string> _groupBy = Text("--group-by", "LIST");
    private readonly Option<string> _zone = Text("--tz", "ZONE");
    private readonly Option<string> _key = Text("--key", "NAME");

    public UsageFlags() => _groupBy.CompletionSources.Add("day", "model", "endpoint", "key", "end_user", "team", "owner", "day,model");

    /// <summary>Adds all to <paramref name="command"/>.</summary>
    public void AddTo(Command command)
    {
        foreach (var flag in (Option<string>[])[_from, _to, _groupBy, _zone, _key])
        {
            command.Options.Add(flag);
        }
    }

    /// <summary>What was said.</summary>
    /// <exception cref="CommandLineException">A key is given.</exception>
    public UsageQuery Read(ParseResult result)
    {
        var key = result.GetValue(_key);
        if (key is not null && AccessKeys.BeginsAsKey(key))
        {
            throw new CommandLineException($"{_key.Name} takes a key's name or id, not the key: other users of this machine can read command lines.");
        }

        return new UsageQuery(result.GetValue(_from), result.GetValue(_to), result.GetValue(_groupBy), result.GetValue(_zone), key);
    }

    private static Option<string> Text(string name, string value) => new(name) { HelpName = value };
}
