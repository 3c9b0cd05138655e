namespace OpenAIProxy.TestKit;

/// <summary>Runs tests of limits that one step is to reach, or just not to reach, and no other step.</summary>
public static class Unhurried
{
    private static readonly int[] Factors = [1, 3, 8];

    /// <summary>
    /// Runs <paramref name="test"/>. On a machine that stands still for seconds any step may reach a limit of seconds; so where it fails, it
    /// is run again with all its times multiplied by what it is given. What is wrong fails each time.
    /// </summary>
    public static async Task RunAsync(Func<int, Task> test)
    {
        ArgumentNullException.ThrowIfNull(test);
        foreach (var factor in Factors[..^1])
        {
            try
            {
                await test(factor);
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // The last try tells.
            }
        }

        await test(Factors[^1]);
    }
}
