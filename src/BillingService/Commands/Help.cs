using OpenAIProxy.BillingService.Configuration;

namespace OpenAIProxy.BillingService.Commands;

/// <summary>What the service says about itself.</summary>
internal static class Help
{
    /// <summary>Commands, options and settings.</summary>
    public static int Write(TextWriter output)
    {
        output.WriteLine("The billing service of OpenAIProxy: takes usage from the gateways, and answers what keys have cost.");
        output.WriteLine();
        output.WriteLine("Without a command it serves; --urls http://localhost:8001 says where. Commands:");
        WriteCommands(output);
        output.WriteLine();
        output.WriteLine("Settings, as --Name=value, as environment variable (: is written __) or in appsettings.json:");
        foreach (var setting in BillingSettings.All)
        {
            output.WriteLine($"  --{setting.Name}={(setting.Default == "-" ? "" : setting.Default)}");
            output.WriteLine($"      {setting.Meaning}");
        }

        return CommandRunner.Success;
    }

    public static void WriteCommands(TextWriter output)
    {
        output.WriteLine("  prices check");
        output.WriteLine("      Says what is missing or inconsistent in the prices, Pricing:File included. Exit code 1 if there are errors.");
        output.WriteLine($"  prices update {PricesUpdate.Synopsis}");
        output.WriteLine("      Puts newer prices into Pricing:File, checked and at once; a running service takes them without a restart. Prices of models");
        output.WriteLine("      that are not in FILE, and those with the confidence contract, stay. Exit code 1, and nothing changed, if FILE can't be used.");
        output.WriteLine($"  billing reconcile {ReconcileOptions.Synopsis}");
        output.WriteLine("      Sets the ledger's dollars beside OpenAI's organization costs, day by day, both days included. The admin key (sk-admin-…)");
        output.WriteLine("      is read from the environment variable NAME. Exit code 1 if either can't be had.");
        output.WriteLine("  (billing resend, which sends refused usage again, is a command of the gateway: it has the journal.)");
        output.WriteLine("  --health ADDRESS");
        output.WriteLine("      Asks a running service how it is. Exit code 0 or 1.");
    }
}
