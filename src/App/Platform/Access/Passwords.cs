using System.Security.Cryptography;
using Laurel.App.Platform.Localisation;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Laurel.App.Platform.Access;

/// <summary>Hashes passwords with the framework's hasher (PBKDF2 with HMAC-SHA512).</summary>
public static class Passwords
{
    public const int Shortest = 10, Longest = 200;

    // The hasher hands the user through to those who derive from it; nobody does.
    private static readonly Type Nobody = typeof(Passwords);
    // 210,000 rounds is what OWASP's cheat sheet asks of PBKDF2 with SHA-512.
    private static readonly PasswordHasher<Type> Hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = 210_000 }));
    private static readonly Lazy<string> NobodysHash = new(() => Hash(OneTime()));

    public static string Hash(string password) => Hasher.HashPassword(Nobody, password);

    /// <summary>Takes the same time with no hash to compare with: the answer is then always no.</summary>
    public static bool Matches(string? hash, string password) =>
        Hasher.VerifyHashedPassword(Nobody, hash ?? NobodysHash.Value, password) != PasswordVerificationResult.Failed && hash is not null;

    /// <summary>What is wrong with a new password, as an English text that pages translate; null where it may be used.</summary>
    public static string? Refusal(string? password, string? name) => password switch
    {
        null or "" => Ui.Text("Type a password."),
        { Length: < Shortest } => Ui.Text("Use at least 10 characters."),
        { Length: > Longest } => Ui.Text("Use at most 200 characters."),
        _ when password.Trim().Length == 0 || WeakPasswords.Has(password, name) => Ui.Text("Use something that is harder to guess."),
        _ => null,
    };

    /// <summary>A password to be read aloud or typed once: 80 bits, without letters that look alike.</summary>
    public static string OneTime() => string.Join('-', Enumerable.Range(0, 4)
        .Select(_ => RandomNumberGenerator.GetString("23456789abcdefghjkmnpqrstuvwxyz", 4)));

    public static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
}
